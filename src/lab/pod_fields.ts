/**
 * Every field of a Kubernetes Pod, and what podlab does with it: the fields of core/v1 as in the OpenAPI description of
 * Kubernetes 1.36 (which has all those of 1.33 and 1.34).
 *
 * A field is *implemented* (then `schema_pod.ts` has its type), *not yet* there, or *cluster-only*: it talks to an API
 * server or a scheduler, and changes nothing about the processes that run.
 *
 * @module
 */

/** What podlab does with a field. */
export type PodField =
  | { readonly status: "implemented"; readonly of?: PodType }
  /** Refused: the containers would run otherwise than the file says. */
  | { readonly status: "not yet"; readonly reason: string; readonly of?: PodType }
  /** Ignored with a warning; refused where the pod could not run without what the cluster has. */
  | { readonly status: "cluster-only"; readonly reason: string; readonly refused?: true; readonly of?: PodType };

/** The types of core/v1 that podlab looks into. */
export type PodType =
  | "Pod"
  | "ObjectMeta"
  | "PodSpec"
  | "PodSecurityContext"
  | "Container"
  | "EnvVar"
  | "ContainerPort"
  | "SecurityContext"
  | "Capabilities"
  | "ResourceRequirements"
  | "ResourceList"
  | "VolumeMount"
  | "Volume"
  | "EmptyDirVolumeSource"
  | "HostPathVolumeSource"
  | "Probe"
  | "Lifecycle"
  | "LifecycleHandler";

type Fields = Readonly<Record<string, PodField>>;

/** Fields that are implemented. */
function implemented(...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { status: "implemented" }]));
}

/** An implemented field with fields of its own. */
function nested(of: PodType): PodField {
  return { status: "implemented", of };
}

/** Fields that share the reason why they are not there yet. */
function notYet(reason: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { status: "not yet", reason }]));
}

/** Fields that say nothing to a kernel, for one reason. */
function clusterOnly(reason: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { status: "cluster-only", reason }]));
}

/** Fields that podlab refuses for want of a cluster. */
function refused(reason: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { status: "cluster-only", reason, refused: true }]));
}

const SERVER = "the API server writes it";
const SCHEDULER = "there is one machine and nothing to schedule";
const PROBES = "containers are not probed; an observation with `within` waits until something holds";
const STORAGE = "it needs a cluster's storage; use emptyDir or hostPath";
const CONTAINER_KERNEL = "it changes what the kernel lets the container do";

const POD: Fields = {
  ...implemented("apiVersion", "kind"),
  metadata: nested("ObjectMeta"),
  spec: nested("PodSpec"),
  ...refused("it is what is observed; say in spec.observations what must hold", "status"),
};

const OBJECT_META: Fields = {
  ...implemented("name", "labels", "annotations"),
  ...clusterOnly("there is one machine and no namespaces of a cluster", "namespace"),
  ...refused("a lab's pods need names that observations can use", "generateName"),
  ...clusterOnly(SERVER, "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation"),
  ...clusterOnly(SERVER, "managedFields", "resourceVersion", "selfLink", "uid"),
  ...clusterOnly("no controller looks at it", "finalizers", "ownerReferences"),
};

const POD_SPEC: Fields = {
  initContainers: nested("Container"),
  containers: nested("Container"),
  volumes: nested("Volume"),
  securityContext: nested("PodSecurityContext"),
  ...implemented("hostname", "shareProcessNamespace", "hostNetwork", "hostPID", "hostIPC"),
  ...implemented("restartPolicy", "terminationGracePeriodSeconds"),
  ...notYet("pods have no deadline of their own; spec.timeout bounds the lab", "activeDeadlineSeconds"),
  ...notYet("/etc/resolv.conf is the image's", "dnsConfig", "dnsPolicy"),
  ...notYet("an observation's `exec` looks into a running container", "ephemeralContainers"),
  ...notYet("/etc/hosts has the pod's own name only", "hostAliases"),
  ...notYet("pods run in the host's user namespace", "hostUsers"),
  ...notYet("the host name is spec.hostname or the pod's name", "hostnameOverride", "setHostnameAsFQDN", "subdomain"),
  ...notYet("devices are not claimed", "resourceClaims"),
  ...notYet("limits are the containers'", "resources"),
  ...clusterOnly(SCHEDULER, "affinity", "nodeName", "nodeSelector", "preemptionPolicy", "priority"),
  ...clusterOnly(SCHEDULER, "priorityClassName", "schedulerName", "schedulingGates", "schedulingGroup"),
  ...clusterOnly(SCHEDULER, "tolerations", "topologySpreadConstraints"),
  ...clusterOnly("there is no API server to talk to", "automountServiceAccountToken", "serviceAccount"),
  ...clusterOnly("there is no API server to talk to", "serviceAccountName"),
  ...clusterOnly("there are no Services", "enableServiceLinks", "readinessGates"),
  ...clusterOnly("no registry is asked", "imagePullSecrets"),
  ...clusterOnly("podlab is the runtime", "overhead", "runtimeClassName"),
  ...clusterOnly("podlab runs on Linux alone", "os"),
};

const POD_SECURITY_CONTEXT: Fields = {
  ...implemented("runAsUser", "runAsGroup"),
  ...notYet("volumes keep their owner", "fsGroup", "fsGroupChangePolicy"),
  ...notYet("containers have their user's group only", "supplementalGroups", "supplementalGroupsPolicy"),
  ...notYet("it is not checked; set runAsUser", "runAsNonRoot"),
  ...notYet(CONTAINER_KERNEL, "appArmorProfile", "seLinuxChangePolicy", "seLinuxOptions", "seccompProfile", "sysctls"),
  ...refused("podlab runs on Linux alone", "windowsOptions"),
};

const CONTAINER: Fields = {
  ...implemented("name", "image", "command", "args", "workingDir"),
  env: nested("EnvVar"),
  resources: nested("ResourceRequirements"),
  volumeMounts: nested("VolumeMount"),
  securityContext: nested("SecurityContext"),
  ...notYet("ConfigMaps and Secrets are not read; use env with values", "envFrom"),
  ...notYet("images are not pulled", "imagePullPolicy"),
  lifecycle: { status: "not yet", reason: "hooks are not run", of: "Lifecycle" },
  livenessProbe: { status: "not yet", reason: PROBES, of: "Probe" },
  readinessProbe: { status: "not yet", reason: PROBES, of: "Probe" },
  startupProbe: { status: "not yet", reason: PROBES, of: "Probe" },
  ports: {
    status: "cluster-only",
    reason: "it informs people and Services; containers listen where they listen",
    of: "ContainerPort",
  },
  ...notYet("the pod's restartPolicy is that of all its containers", "restartPolicy", "restartPolicyRules"),
  ...notYet("standard input is /dev/null", "stdin", "stdinOnce", "tty"),
  ...notYet("no termination message is read", "terminationMessagePath", "terminationMessagePolicy"),
  ...notYet("block devices are not attached", "volumeDevices"),
  ...clusterOnly("nothing resizes a running pod", "resizePolicy"),
};

const ENV_VAR: Fields = {
  ...implemented("name", "value"),
  ...notYet("only written values are used", "valueFrom"),
};

const CONTAINER_PORT: Fields = {
  ...clusterOnly("it informs people and Services", "containerPort", "name", "protocol"),
  ...notYet("no port of the host is forwarded; use hostNetwork", "hostIP", "hostPort"),
};

const SECURITY_CONTEXT: Fields = {
  capabilities: nested("Capabilities"),
  ...implemented("privileged", "runAsUser", "runAsGroup", "readOnlyRootFilesystem", "allowPrivilegeEscalation"),
  ...notYet("it is not checked; set runAsUser", "runAsNonRoot"),
  ...notYet(CONTAINER_KERNEL, "appArmorProfile", "procMount", "seLinuxOptions", "seccompProfile"),
  ...refused("podlab runs on Linux alone", "windowsOptions"),
};

const RESOURCE_REQUIREMENTS: Fields = {
  limits: nested("ResourceList"),
  requests: nested("ResourceList"),
  ...notYet("devices are not claimed", "claims"),
};

const RESOURCE_LIST: Fields = {
  ...implemented("cpu", "memory"),
  ...notYet("disk space is not limited; an emptyDir has a sizeLimit", "ephemeral-storage", "storage"),
};

const VOLUME_MOUNT: Fields = {
  ...implemented("name", "mountPath", "readOnly", "subPath"),
  ...notYet("mounts are private", "mountPropagation"),
  ...notYet("readOnly is for the mount itself", "recursiveReadOnly"),
  ...notYet("use subPath", "subPathExpr"),
};

const VOLUME: Fields = {
  ...implemented("name"),
  emptyDir: nested("EmptyDirVolumeSource"),
  hostPath: nested("HostPathVolumeSource"),
  ...notYet("fill an emptyDir by an init container", "configMap", "downwardAPI", "image", "projected", "secret"),
  ...refused(STORAGE, "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "ephemeral", "fc"),
  ...refused(STORAGE, "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "nfs"),
  ...refused(STORAGE, "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd"),
  ...refused(STORAGE, "scaleIO", "storageos", "vsphereVolume"),
};

const PROBE: Fields = {
  ...notYet(PROBES, "exec", "failureThreshold", "grpc", "httpGet", "initialDelaySeconds", "periodSeconds"),
  ...notYet(PROBES, "successThreshold", "tcpSocket", "terminationGracePeriodSeconds", "timeoutSeconds"),
};

const LIFECYCLE: Fields = {
  postStart: { status: "not yet", reason: "hooks are not run", of: "LifecycleHandler" },
  preStop: { status: "not yet", reason: "hooks are not run", of: "LifecycleHandler" },
  ...notYet("a container is stopped by SIGTERM", "stopSignal"),
};

/** What podlab does with each field of each type. */
export const POD_FIELDS: Readonly<Record<PodType, Fields>> = {
  Pod: POD,
  ObjectMeta: OBJECT_META,
  PodSpec: POD_SPEC,
  PodSecurityContext: POD_SECURITY_CONTEXT,
  Container: CONTAINER,
  EnvVar: ENV_VAR,
  ContainerPort: CONTAINER_PORT,
  SecurityContext: SECURITY_CONTEXT,
  Capabilities: implemented("add", "drop"),
  ResourceRequirements: RESOURCE_REQUIREMENTS,
  ResourceList: RESOURCE_LIST,
  VolumeMount: VOLUME_MOUNT,
  Volume: VOLUME,
  EmptyDirVolumeSource: implemented("medium", "sizeLimit"),
  HostPathVolumeSource: implemented("path", "type"),
  Probe: PROBE,
  Lifecycle: LIFECYCLE,
  LifecycleHandler: notYet("hooks are not run", "exec", "httpGet", "sleep", "tcpSocket"),
};

/** A field of a type; resources have names without end (`hugepages-2Mi`, `example.com/gpu`). */
export function podField(type: PodType, name: string): PodField | undefined {
  const fields = POD_FIELDS[type];
  if (Object.hasOwn(fields, name)) return fields[name];
  if (type !== "ResourceList") return undefined;
  if (name.startsWith("hugepages-")) return { status: "not yet", reason: "huge pages are not limited" };
  const reason = "it names a device of a cluster's nodes";
  return name.includes("/") ? { status: "cluster-only", reason, refused: true } : undefined;
}
