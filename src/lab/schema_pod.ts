/**
 * A Pod as it is written: the fields of core/v1 that podlab implements. `pod_fields.ts` knows all the others.
 *
 * @module
 */

import * as v from "valibot";
import {
  absolutePath,
  closed,
  count,
  cString,
  doc,
  label,
  maybe,
  nonEmpty,
  quantity,
  strings,
  subdomain,
} from "./schema_base.ts";

const bool = v.boolean();
const userId = count;

const RESOURCE_LIST = closed({
  cpu: maybe("CPUs: 500m, 0.5, 2", quantity),
  memory: maybe("Bytes: 64Mi, 1Gi", quantity),
});

const RESOURCES = closed({
  limits: maybe("What the container may use at most", RESOURCE_LIST),
  requests: maybe("What it is promised; the limits where it is not given", RESOURCE_LIST),
});

const capability = v.pipe(nonEmpty, v.metadata({ examples: ["NET_ADMIN", "ALL"] }));

const SECURITY_CONTEXT = closed({
  privileged: maybe("All capabilities, no masked paths", bool),
  runAsUser: maybe("User id of the first process", userId),
  runAsGroup: maybe("Group id of the first process", userId),
  readOnlyRootFilesystem: maybe("Whether the root file system is read-only", bool),
  allowPrivilegeEscalation: maybe("false sets no_new_privs", bool),
  capabilities: maybe(
    "Changes to the default set of capabilities",
    closed({ add: maybe("Added", v.array(capability)), drop: maybe("Dropped", v.array(capability)) }),
  ),
});

const VOLUME_MOUNT = closed({
  name: doc("Name of one of the pod's volumes", nonEmpty),
  mountPath: doc("Where it appears in the container", absolutePath),
  readOnly: maybe("Whether it cannot be written here", bool),
  subPath: maybe("Mount this directory or file of the volume instead of all of it", cString),
});

const ENV_VAR = closed({
  name: doc(
    "Name",
    v.pipe(cString, v.regex(/^[^=]+$/u, "Cannot use this name of a variable: it is empty or holds a ==")),
  ),
  value: maybe("Value; $(NAME) stands for an earlier variable", cString),
});

/** A container. */
export const ContainerSchema = closed({
  name: doc("Name, unique in its pod", label),
  image: maybe("host (a curated view of this machine, the default) or dir:PATH (a root file system)", nonEmpty),
  command: maybe("The program and its arguments", v.array(cString)),
  args: maybe("Further arguments", v.array(cString)),
  env: maybe("Environment variables", v.array(ENV_VAR)),
  workingDir: maybe("Working directory", absolutePath),
  resources: maybe("CPU and memory", RESOURCES),
  volumeMounts: maybe("Volumes in this container", v.array(VOLUME_MOUNT)),
  securityContext: maybe("User, capabilities, privileges", SECURITY_CONTEXT),
});

const VOLUME = closed({
  name: doc("Name, unique in its pod", label),
  emptyDir: maybe(
    "A directory that lives as long as the pod",
    closed({
      medium: maybe("Memory, or the default", v.picklist(["", "Memory"])),
      sizeLimit: maybe("Bytes that fit in", quantity),
    }),
  ),
  hostPath: maybe(
    "A directory or file of this machine",
    closed({
      path: doc("Its path", absolutePath),
      type: maybe(
        "What must be there",
        v.picklist([
          "",
          "DirectoryOrCreate",
          "Directory",
          "FileOrCreate",
          "File",
          "Socket",
          "CharDevice",
          "BlockDevice",
        ]),
      ),
    }),
  ),
});

const SPEC = closed({
  containers: doc(
    "The containers, started together",
    v.pipe(v.array(ContainerSchema), v.minLength(1, "Cannot make a pod without containers")),
  ),
  initContainers: maybe("Run before them, in order, each to its end", v.array(ContainerSchema)),
  volumes: maybe("Volumes that containers can mount", v.array(VOLUME)),
  hostname: maybe("Host name; the pod's name where it is not given", label),
  shareProcessNamespace: maybe("Whether all containers share one PID namespace", bool),
  hostNetwork: maybe("Whether the pod uses the host's network", bool),
  hostPID: maybe("Whether the pod uses the host's PID namespace", bool),
  hostIPC: maybe("Whether the pod uses the host's IPC namespace", bool),
  restartPolicy: maybe("When containers that ended start again", v.picklist(["Always", "OnFailure", "Never"])),
  terminationGracePeriodSeconds: maybe("From SIGTERM to SIGKILL; 30 where it is not given", count),
  securityContext: maybe(
    "Defaults for the containers",
    closed({ runAsUser: maybe("User id", userId), runAsGroup: maybe("Group id", userId) }),
  ),
});

/** A Pod, with or without `apiVersion` and `kind`. */
export const PodSchema = closed({
  apiVersion: maybe("v1", v.literal("v1")),
  kind: maybe("Pod", v.literal("Pod")),
  metadata: doc(
    "Name, labels, annotations",
    closed({
      name: doc("Name, unique in the lab", subdomain),
      labels: maybe("Labels", strings),
      annotations: maybe('Annotations; podlab.dev/pids-limit: "50" limits the tasks of each container', strings),
    }),
  ),
  spec: doc("What runs in it", SPEC),
});

/** A Pod as the schema takes it. */
export type WrittenPod = v.InferInput<typeof PodSchema>;

/** A container as the schema takes it. */
export type WrittenContainer = v.InferInput<typeof ContainerSchema>;
