/**
 * The lab as checked: plain readonly data, every default filled in, every name resolved, every part with its place in
 * the file.
 *
 * @module
 */

import type { Matcher } from "./matcher.ts";
import type { At, Span } from "./span.ts";

/** Text in English and, where the author gave it, in Chinese. */
export interface Text {
  readonly en: string;
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
  readonly name: string;
  readonly title: Text;
  readonly description?: Text;
  readonly tags: readonly string[];
  /** The path of its file as given. */
  readonly file: string;
  readonly span: Span;
  readonly pods: readonly Pod[];
  readonly observations: readonly Observation[];
  /** Programs that the host must have, else the lab is skipped with this reason (`spec.requires.programs`). */
  readonly requires: readonly At<string>[];
  /** Milliseconds that the whole lab may take (`spec.timeout`, 2 minutes by default). */
  readonly timeoutMs: number;
}

/** A Pod: the fields of core/v1 that podlab implements, defaults filled in. */
export interface Pod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.hostname`, else the pod's name. */
  readonly hostname: At<string>;
  readonly shareProcessNamespace: At<boolean>;
  readonly hostNetwork: At<boolean>;
  readonly hostPID: At<boolean>;
  readonly hostIPC: At<boolean>;
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  readonly terminationGracePeriodMs: number;
  readonly volumes: readonly Volume[];
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
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
  readonly name: string;
  readonly image: Image;
  /** The whole argument vector (`command` then `args`), `$(VAR)` expanded. */
  readonly command: At<readonly string[]>;
  /** In the order of the file, `$(VAR)` expanded; the last of a name counts. */
  readonly env: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  readonly workingDir?: At<string>;
  readonly resources: Resources;
  readonly volumeMounts: readonly VolumeMount[];
  readonly security: Security;
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
  readonly limits: {
    readonly memoryBytes?: At<number>;
    /** Thousandths of a CPU. */
    readonly cpuMillis?: At<number>;
    /** From the annotation `podlab.dev/pids-limit` or `podlab.dev/pids-limit.CONTAINER`. */
    readonly pids?: At<number>;
  };
  readonly requests: { readonly memoryBytes?: At<number>; readonly cpuMillis?: At<number> };
}

/** A volume in a container. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: At<string>;
  readonly readOnly: At<boolean>;
  readonly subPath?: At<string>;
  readonly span: Span;
}

/** A container's security context, the pod's merged in. */
export interface Security {
  readonly privileged: At<boolean>;
  readonly runAsUser?: At<number>;
  readonly runAsGroup?: At<number>;
  /** Names without `CAP_`, upper case; `ALL` stays as written. */
  readonly capabilitiesAdd: readonly At<string>[];
  readonly capabilitiesDrop: readonly At<string>[];
  readonly readOnlyRootFilesystem: At<boolean>;
  /** false sets no_new_privs. */
  readonly allowPrivilegeEscalation: At<boolean>;
}

/** A container of a lab, or a pod's infra container, by name. */
export interface Target {
  readonly pod: string;
  /** A container's name, or `infra`. */
  readonly container: string;
}

/** Something that must hold. */
export interface Observation {
  /** Position among the lab's observations, from 0. */
  readonly index: number;
  readonly name: Text;
  readonly subject: Subject;
  readonly actions: readonly Action[];
  readonly expect: Matcher;
  readonly mode: Mode;
  readonly points?: number;
  readonly visibility: "visible" | "hidden" | "after_due_date" | "after_published";
  readonly hint?: Text;
  /** Indices of the observations that must hold for this one to be made. */
  readonly after: readonly number[];
  readonly tags: readonly string[];
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
    | { readonly kind: "signal"; readonly to: Target; readonly signal: string }
    /** As the kubelet stops a container: SIGTERM, grace period, SIGKILL; it is not restarted. */
    | { readonly kind: "stop" | "start" | "restart" | "freeze" | "thaw"; readonly target: Target }
    | { readonly kind: "create" | "delete"; readonly pod: string }
    | { readonly kind: "write"; readonly in: Target; readonly path: string; readonly content: string }
    | { readonly kind: "wait"; readonly ms: number }
  );
