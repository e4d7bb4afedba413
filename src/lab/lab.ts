/**
 * The lab as checked: plain readonly data, every default filled in, every name resolved, every part with its place in
 * the file.
 *
 * @module
 */

import type { Matcher } from "./matcher.ts";
import type { CapabilityName, SignalName } from "./names.ts";
import type { At, Span } from "./span.ts";

/** Text in English and, where the author gave it, in Chinese. */
export interface Text {
  /** In English. */
  readonly en: string;
  /** In Chinese. */
  readonly zh?: string;
}

/** Languages that texts come in. */
export type Language = "en" | "zh";

/** The text in a language; English where there is no other. */
export function textIn(text: Text, language: Language): string {
  return language === "zh" ? text.zh ?? text.en : text.en;
}

/** A lab: pods, and what must be observed about them. */
export interface Lab {
  /** `metadata.name`. */
  readonly name: string;
  /** `metadata.title`, else the name. */
  readonly title: Text;
  /** What it shows, for people. */
  readonly description?: Text;
  /** For `--only`. */
  readonly tags: readonly string[];
  /** The path of its file as given. */
  readonly file: string;
  /** Of the Lab document. */
  readonly span: Span;
  /** In the order of the file. */
  readonly pods: readonly Pod[];
  /** In the order of the file, which is the order that they are made in. */
  readonly observations: readonly Observation[];
  /** Programs that the host must have, else the lab is skipped with this reason (`spec.requires.programs`). */
  readonly requires: readonly At<string>[];
  /** Milliseconds that the whole lab may take (`spec.timeout`, 2 minutes by default). */
  readonly timeoutMs: number;
}

/** A Pod: the fields of core/v1 that podlab implements, defaults filled in. */
export interface Pod {
  /** `metadata.name`: unique in a lab. */
  readonly name: string;
  /** `metadata.labels`. */
  readonly labels: Readonly<Record<string, string>>;
  /** `metadata.annotations`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.hostname`, else the pod's name. */
  readonly hostname: At<string>;
  /** Whether all containers live in the PID namespace of infra. */
  readonly shareProcessNamespace: At<boolean>;
  /** Whether the pod has no network namespace of its own. */
  readonly hostNetwork: At<boolean>;
  /** Whether containers live in the host's PID namespace. */
  readonly hostPID: At<boolean>;
  /** Whether the pod has no IPC namespace of its own. */
  readonly hostIPC: At<boolean>;
  /** Which containers that have ended are started again (core/v1 PodSpec). */
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly terminationGracePeriodMs: number;
  /** In the order of the file. */
  readonly volumes: readonly Volume[];
  /** Run one after the other, each to its end, before the containers. */
  readonly initContainers: readonly Container[];
  /** Run together. */
  readonly containers: readonly Container[];
  /** Of the Pod. */
  readonly span: Span;
}

/** A volume of a pod. */
export type Volume =
  & { readonly name: string; readonly span: Span }
  & (
    | {
      readonly kind: "emptyDir";
      /** `Memory` or, by default, the disk; podlab keeps both in a tmpfs that dies with the pod. */
      readonly medium: "" | "Memory";
      readonly sizeLimitBytes?: At<number>;
    }
    | { readonly kind: "hostPath"; readonly path: At<string>; readonly type: HostPathType }
  );

/** `hostPath.type` of core/v1; the empty string makes no check. */
export type HostPathType =
  | ""
  | "DirectoryOrCreate"
  | "Directory"
  | "FileOrCreate"
  | "File"
  | "Socket"
  | "CharDevice"
  | "BlockDevice";

/** A container of a pod. */
export interface Container {
  /** Unique in its pod, init containers included. */
  readonly name: string;
  /** What its root file system is made of. */
  readonly image: Image;
  /** The whole argument vector (`command` then `args`), `$(VAR)` expanded. */
  readonly command: At<readonly string[]>;
  /** In the order of the file, `$(VAR)` expanded; the last of a name counts. */
  readonly env: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  /** Absolute path; the image's root where it is not given. */
  readonly workingDir?: At<string>;
  /** Limits and requests. */
  readonly resources: Resources;
  /** In the order of the file. */
  readonly volumeMounts: readonly VolumeMount[];
  /** Who it runs as and what it may do. */
  readonly security: Security;
  /** Of the container. */
  readonly span: Span;
}

/** What the root file system is made of. */
export type Image =
  & { readonly span: Span; readonly text: string }
  & (
    | { readonly kind: "host" }
    /** A directory that holds a root file system; relative paths are the lab file's. */
    | { readonly kind: "dir"; readonly path: string }
  );

/** Limits and requests, by value. */
export interface Resources {
  /** What it cannot exceed. */
  readonly limits: {
    readonly memoryBytes?: At<number>;
    /** Thousandths of a CPU. */
    readonly cpuMillis?: At<number>;
    /** From the annotation `podlab.dev/pids-limit` or `podlab.dev/pids-limit.CONTAINER`. */
    readonly pids?: At<number>;
  };
  /** What it is to get at least: `cpuMillis` becomes its CPU weight. */
  readonly requests: { readonly memoryBytes?: At<number>; readonly cpuMillis?: At<number> };
}

/** A volume in a container. */
export interface VolumeMount {
  /** Of a volume of the pod. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly mountPath: At<string>;
  /** Whether it cannot be written to there. */
  readonly readOnly: At<boolean>;
  /** Path in the volume that is mounted instead of all of it. */
  readonly subPath?: At<string>;
  /** Of the mount. */
  readonly span: Span;
}

/** A container's security context, the pod's merged in. */
export interface Security {
  /** Whether it may do whatever the host's root may. */
  readonly privileged: At<boolean>;
  /** User id; 0 where it is not given. */
  readonly runAsUser?: At<number>;
  /** Group id; 0 where it is not given. */
  readonly runAsGroup?: At<number>;
  /** Names without `CAP_`, upper case; `ALL` stays as written. */
  readonly capabilitiesAdd: readonly At<CapabilityName | "ALL">[];
  /** Names as in `capabilitiesAdd`. */
  readonly capabilitiesDrop: readonly At<CapabilityName | "ALL">[];
  /** Whether its root file system cannot be written to. */
  readonly readOnlyRootFilesystem: At<boolean>;
  /** false sets no_new_privs. */
  readonly allowPrivilegeEscalation: At<boolean>;
}

/** A container of a lab, or a pod's infra container, by name. */
export interface Target {
  /** The pod's name. */
  readonly pod: string;
  /** A container's name, or `infra`. */
  readonly container: string;
}

/** Something that must hold. */
export interface Observation {
  /** Position among the lab's observations, from 0. */
  readonly index: number;
  /** What is claimed, for people. */
  readonly name: Text;
  /** What is looked at. */
  readonly subject: Subject;
  /** What is done first, in this order. */
  readonly actions: readonly Action[];
  /** What the facts must be. */
  readonly expect: Matcher;
  /** When they must be so. */
  readonly mode: Mode;
  /** What it is worth, from 0. */
  readonly points?: number;
  /** When a learner sees it. */
  readonly visibility: "visible" | "hidden" | "after_due_date" | "after_published";
  /** What to tell a learner where it does not hold. */
  readonly hint?: Text;
  /** Indices of the observations that must hold for this one to be made. */
  readonly after: readonly number[];
  /** For `--only`. */
  readonly tags: readonly string[];
  /** Of the observation. */
  readonly span: Span;
}

/** When an expectation must hold: now, at some time within, or all the time throughout. */
export type Mode =
  | { readonly kind: "once" }
  | { readonly kind: "within" | "throughout"; readonly ms: number; readonly span: Span };

/** What is looked at. `span` is the subject key's. */
export type Subject =
  & { readonly span: Span }
  & (
    | {
      readonly kind: "exec";
      readonly in: Target;
      readonly command: readonly string[];
      readonly stdin: string;
      readonly timeoutMs: number;
    }
    | { readonly kind: "process" | "processes" | "cgroup" | "mounts"; readonly of: readonly Target[] }
    | { readonly kind: "namespaces"; readonly of: readonly (Target | "host")[] }
    | { readonly kind: "network"; readonly of: readonly Target[] }
    | {
      readonly kind: "connect";
      readonly from: Target;
      /** `tcp://HOST:PORT`, `udp://HOST:PORT` or `unix:///PATH` (a path in the container). */
      readonly to: string;
      readonly send: string;
      readonly timeoutMs: number;
    }
    | {
      readonly kind: "http";
      readonly from: Target;
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly timeoutMs: number;
    }
    | { readonly kind: "file"; readonly in: Target; readonly path: string }
    | { readonly kind: "logs"; readonly of: Target; readonly stream: "both" | "stdout" | "stderr" }
    | { readonly kind: "pod"; readonly pod: string }
    | { readonly kind: "host" }
  );

/** The keys that name a subject. */
export type SubjectKind = Subject["kind"];

/** What is done before looking. */
export type Action =
  & { readonly span: Span }
  & (
    /** SIGKILL, or another signal, to a container's first process. */
    | { readonly kind: "signal"; readonly to: Target; readonly signal: SignalName }
    /** As the kubelet stops a container: SIGTERM, grace period, SIGKILL; it is not restarted. */
    | { readonly kind: "stop" | "start" | "restart" | "freeze" | "thaw"; readonly target: Target }
    | { readonly kind: "create" | "delete"; readonly pod: string }
    | { readonly kind: "write"; readonly in: Target; readonly path: string; readonly content: string }
    | { readonly kind: "wait"; readonly ms: number }
  );
