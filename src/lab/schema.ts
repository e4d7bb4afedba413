/**
 * The lab file as it is written. The one source of its types, its validation and `labs/lab.schema.json`.
 *
 * What a schema cannot say (names that must exist, facts that a subject has, quantities) `check.ts` checks.
 *
 * @module
 */

import * as v from "valibot";
import { ContainerSchema, PodSchema } from "./schema_pod.ts";
import { absolutePath, closed, cString, doc, duration, label, maybe, nonEmpty, target } from "./schema_base.ts";
import { strings, targets, text } from "./schema_base.ts";

/** Pods, observations, actions: more of one kind is a mistake, or an attack. */
const COUNT_MAX = 1000;

const tags = v.array(nonEmpty);

/** Nothing but an action: exactly one key. */
export const ActionSchema = closed({
  kill: maybe("Send SIGKILL to a container's first process", target),
  signal: maybe(
    "Send a signal to a container's first process",
    closed({ to: doc("The container", target), signal: doc("Its name, as in SIGTERM", nonEmpty) }),
  ),
  stop: maybe("Stop a container as the kubelet does: SIGTERM, grace period, SIGKILL", target),
  start: maybe("Start a stopped container", target),
  restart: maybe("Stop and start a container", target),
  freeze: maybe("Freeze a container's cgroup", target),
  thaw: maybe("Thaw it", target),
  create: maybe("Create a pod again that was deleted", nonEmpty),
  delete: maybe("Delete a pod", nonEmpty),
  write: maybe(
    "Write a file in a container",
    closed({
      in: doc("The container", target),
      path: doc("The file", absolutePath),
      content: doc("What will be in it", v.string()),
    }),
  ),
  wait: maybe("Do nothing for so long", duration),
});

const commandLine = v.union([
  v.pipe(cString, v.minLength(1, "Cannot run an empty command")),
  v.pipe(v.array(cString), v.minLength(1, "Cannot run an empty command")),
]);

/** The keys that name a subject, each with what it takes. */
export const SUBJECT_ENTRIES = {
  exec: maybe(
    "Run a command in a container",
    closed({
      in: doc("The container", target),
      command: doc("The command as a list; as a text it is run by sh -c", commandLine),
      stdin: maybe("Its standard input", v.string()),
      timeout: maybe("When it is killed; 10s where it is not given", duration),
    }),
  ),
  process: maybe("The first process of a container, or of each of several", targets),
  processes: maybe("All processes of a container", targets),
  namespaces: maybe(
    "Namespaces of several containers, infra and host, compared",
    v.pipe(v.array(target), v.minLength(2, "Cannot compare fewer than two: name containers, infra or host")),
  ),
  cgroup: maybe("The cgroup of a container, or of each of several", targets),
  mounts: maybe("The mount table of a container", targets),
  network: maybe("The network namespace of a pod", targets),
  connect: maybe(
    "Connect from inside a pod's network namespace",
    closed({
      from: doc("The container", target),
      to: doc("tcp://HOST:PORT, udp://HOST:PORT or unix:///PATH", cString),
      send: maybe("What to send", v.string()),
      timeout: maybe("How long to wait; 2s where it is not given", duration),
    }),
  ),
  http: maybe(
    "An HTTP exchange from inside a pod's network namespace",
    closed({
      from: doc("The container", target),
      get: maybe("GET this URL", nonEmpty),
      post: maybe("POST to this URL", nonEmpty),
      put: maybe("PUT to this URL", nonEmpty),
      delete: maybe("DELETE this URL", nonEmpty),
      head: maybe("HEAD of this URL", nonEmpty),
      headers: maybe("Headers", strings),
      body: maybe("Body", v.string()),
      timeout: maybe("How long to wait; 2s where it is not given", duration),
    }),
  ),
  file: maybe(
    "A file of a container, read from outside",
    closed({ in: doc("The container", target), path: doc("The file", absolutePath) }),
  ),
  logs: maybe(
    "What a container wrote",
    v.union([
      target,
      closed({
        of: doc("The container", target),
        stream: maybe("Which of its streams", v.picklist(["both", "stdout", "stderr"])),
      }),
    ]),
  ),
  pod: maybe("A pod's status", nonEmpty),
  host: maybe("This machine", v.union([closed({}), v.literal(true), v.null()])),
};

/** Something that must hold. */
export const ObservationSchema = closed({
  name: doc("What is claimed, for people", text),
  ...SUBJECT_ENTRIES,
  do: maybe("What is done first: an action or a list of them", v.union([ActionSchema, v.array(ActionSchema)])),
  expect: doc("What the facts must be", v.unknown()),
  within: maybe("It must hold at some time within this duration", duration),
  throughout: maybe("It must hold all this time", duration),
  after: maybe("Earlier observations without which this one is skipped", v.union([nonEmpty, v.array(nonEmpty)])),
  points: maybe("What it is worth", v.pipe(v.number(), v.minValue(0, "Cannot give points below zero"))),
  visibility: maybe(
    "When a learner sees it",
    v.picklist(["visible", "hidden", "after_due_date", "after_published"]),
  ),
  hint: maybe("What to tell a learner where it does not hold", text),
  tags: maybe("For --only", tags),
});

/** A pod in a file of its own. */
export const PodFileSchema = closed({ file: doc("A file with Pods, relative to this one", nonEmpty) });

const ANY_POD = v.union([PodFileSchema, PodSchema]);

/** A pod, here or in another file: which one decides the key `file`, so that mistakes are told about the right one. */
export const PodEntrySchema = v.lazy((input) => {
  if (input === undefined) return ANY_POD;
  return typeof input === "object" && input !== null && "file" in input ? PodFileSchema : PodSchema;
});

/** A whole lab. */
export const LabSchema = closed({
  apiVersion: doc("podlab/v1", v.literal("podlab/v1")),
  kind: doc("Lab", v.literal("Lab")),
  metadata: doc(
    "Name and title",
    closed({
      name: doc("Name, as in podlab run NAME", label),
      title: maybe("Title", text),
      description: maybe("What it shows", text),
      tags: maybe("For --only", tags),
    }),
  ),
  spec: doc(
    "Pods and what must be observed",
    closed({
      pods: maybe("The pods", v.pipe(v.array(PodEntrySchema), v.maxLength(COUNT_MAX, "Cannot use over 1000 pods"))),
      observations: doc(
        "What must be observed, in this order",
        v.pipe(
          v.array(ObservationSchema),
          v.minLength(1, "Cannot run a lab without observations: it would check nothing"),
          v.maxLength(COUNT_MAX, "Cannot use over 1000 observations"),
        ),
      ),
      timeout: maybe("What the whole lab may take; 2m where it is not given", duration),
      requires: maybe(
        "What this machine must have, else the lab is skipped",
        closed({ programs: maybe("Programs in PATH", v.array(nonEmpty)) }),
      ),
    }),
  ),
});

/** The schemas that have a name in the JSON Schema. */
export const DEFINITIONS = {
  PodEntry: PodEntrySchema,
  Action: ActionSchema,
  Container: ContainerSchema,
  Pod: PodSchema,
  Observation: ObservationSchema,
};

/** A lab as the schema takes it. */
export type WrittenLab = v.InferInput<typeof LabSchema>;

/** An observation as the schema takes it. */
export type WrittenObservation = v.InferInput<typeof ObservationSchema>;

/** An action as the schema takes it. */
export type WrittenAction = v.InferInput<typeof ActionSchema>;
