/**
 * What an observation looks at.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import { FACTS } from "./facts.ts";
import type { Subject, SubjectKind, Target } from "./lab.ts";
import type { Problems } from "./problems.ts";
import { positiveDurationAt } from "./quantities.ts";
import type { References } from "./references.ts";
import type { WrittenObservation } from "./schema.ts";
import { clipped } from "./tree.ts";

/** Whether a key names a subject. */
export function isSubjectKind(key: string): key is SubjectKind {
  return Object.hasOwn(FACTS, key);
}

/** What subjects are read with. */
export interface SubjectContext {
  readonly names: References;
  readonly problems: Problems;
}

/** What is written after a subject's key. */
type Place<Kind extends SubjectKind> = Cursor<NonNullable<WrittenObservation[Kind]>>;

/** Infra has no image, and no file system but the one it was started in. */
const NO_FILES = { notInfra: "the infra container has no files of its own" };
const NO_EXEC = { notInfra: "the infra container has no programs" };
const NO_LOGS = { notInfra: "the infra container writes nothing" };

const EXEC_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 2000;

/**
 * Reads the subject that a key names.
 *
 * @returns nothing where something is wrong, which is reported
 */
export function readSubject(
  kind: SubjectKind,
  written: Cursor<WrittenObservation>,
  context: SubjectContext,
): Subject | undefined {
  const span = written.get(kind).keySpan;
  switch (kind) {
    case "exec":
      return readExec(written.get(kind), context);
    case "process":
    case "processes":
    case "cgroup":
    case "mounts": {
      const of = context.names.targets(written.get(kind), kind === "mounts" ? NO_FILES : {});
      return of.length === 0 ? undefined : { kind, of, span };
    }
    case "network": {
      // A bare pod's name means the namespace that its containers share, which infra holds.
      const of = context.names.targets(written.get(kind), { podMeansInfra: true });
      return of.length === 0 ? undefined : { kind, of, span };
    }
    case "namespaces":
      return readNamespaces(written.get(kind), context);
    case "connect":
      return readConnect(written.get(kind), context);
    case "http":
      return readHttp(written.get(kind), context);
    case "file":
      return readFile(written.get(kind), context);
    case "logs":
      return readLogs(written.get(kind), context);
    case "pod": {
      const pod = context.names.pod(written.get(kind));
      return pod === undefined ? undefined : { kind, pod, span };
    }
    case "host":
      return { kind, span };
  }
}

function readExec(place: Place<"exec">, { names, problems }: SubjectContext): Subject | undefined {
  const target = names.target(place.get("in"), NO_EXEC);
  const timeoutMs = positiveDurationAt(place.get("timeout"), problems)?.value ?? EXEC_TIMEOUT_MS;
  const command = place.get("command");
  const words = command.isList() ? command.items().map((item) => item.value ?? "") : ["sh", "-c", command.value ?? ""];
  const stdin = place.get("stdin").value ?? "";
  return target && { kind: "exec", in: target, command: words, stdin, timeoutMs, span: place.keySpan };
}

function readNamespaces(place: Place<"namespaces">, { names }: SubjectContext): Subject | undefined {
  const of: (Target | "host")[] = [];
  for (const item of place.items()) {
    const target = item.value === "host" ? "host" : names.target(item);
    if (target !== undefined) of.push(target);
  }
  return of.length < 2 ? undefined : { kind: "namespaces", of, span: place.keySpan };
}

function readConnect(place: Place<"connect">, { names, problems }: SubjectContext): Subject | undefined {
  const from = names.target(place.get("from"));
  const to = place.get("to");
  if (to.value !== undefined && !isEndpoint(to.value)) {
    const hint = "Write tcp://HOST:PORT, udp://HOST:PORT or unix:///PATH";
    problems.error("bad_value", to.span, `Cannot connect to ${clipped(to.value)}`, hint);
  }
  const timeoutMs = positiveDurationAt(place.get("timeout"), problems)?.value ?? CONNECT_TIMEOUT_MS;
  const send = place.get("send").value ?? "";
  return from && { kind: "connect", from, to: to.value ?? "", send, timeoutMs, span: place.keySpan };
}

const ENDPOINT = /^(?:tcp|udp):\/\/(?:\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/u;

function isEndpoint(text: string): boolean {
  const port = Number(ENDPOINT.exec(text)?.[1] ?? 0);
  return (port >= 1 && port <= 65535) || /^unix:\/\/\/./u.test(text);
}

const METHODS = ["get", "post", "put", "delete", "head"] as const;

function readHttp(place: Place<"http">, { names, problems }: SubjectContext): Subject | undefined {
  const from = names.target(place.get("from"));
  const [method, second] = METHODS.filter((each) => place.get(each).written);
  if (method === undefined && !place.broken) {
    problems.error("missing_key", place.keySpan, "Missing a method and its URL", 'Write get: "http://localhost:8080/"');
  }
  if (second !== undefined) {
    const message = `Cannot use two methods: ${clipped(method ?? "")} and ${clipped(second)}`;
    problems.error("impossible", place.get(second).keySpan, message, "Make it two observations");
  }
  const url = place.get(method ?? "get");
  checkUrl(url, problems);
  const timeoutMs = positiveDurationAt(place.get("timeout"), problems)?.value ?? CONNECT_TIMEOUT_MS;
  return from && {
    kind: "http",
    from,
    method: (method ?? "get").toUpperCase(),
    url: url.value ?? "",
    headers: readHeaders(place.get("headers"), problems),
    body: place.get("body").value ?? "",
    timeoutMs,
    span: place.keySpan,
  };
}

function checkUrl(place: Cursor<string>, problems: Problems): void {
  if (place.value === undefined) return;
  const url = URL.parse(place.value);
  if (url?.protocol === "http:" && url.username === "" && url.password === "") return;
  const https = url?.protocol === "https:" ? ": https is not spoken" : "";
  const hint = "Write http://HOST:PORT/PATH";
  problems.error("bad_value", place.span, `Cannot use ${clipped(place.value)} as a URL${https}`, hint);
}

/** A token of RFC 9110 §5.6.2, and a value without control characters (§5.5): nothing else may reach the request. */
const HEADER_NAME = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/u;
const HEADER_VALUE = /^(?:\P{Cc}|\t)*$/u;

function readHeaders(
  place: Cursor<{ [name: string]: string }>,
  problems: Problems,
): Readonly<Record<string, string>> {
  for (const [name, value] of place.entries()) {
    if (!HEADER_NAME.test(name)) {
      problems.error("bad_value", value.keySpan, `Cannot use ${clipped(name)} as the name of a header`);
    } else if (!HEADER_VALUE.test(value.value ?? "")) {
      problems.error("bad_value", value.span, `Cannot use this as the value of a header: it holds a control character`);
    }
  }
  return Object.fromEntries(place.entries().map(([name, value]) => [name, value.value ?? ""]));
}

function readFile(place: Place<"file">, { names }: SubjectContext): Subject | undefined {
  const target = names.target(place.get("in"), NO_FILES);
  return target && { kind: "file", in: target, path: place.get("path").value ?? "/", span: place.keySpan };
}

function readLogs(place: Place<"logs">, { names }: SubjectContext): Subject | undefined {
  const of = names.target(place.isMap() ? place.get("of") : place.scalar(), NO_LOGS);
  const stream = place.get("stream").value ?? "both";
  return of && { kind: "logs", of, stream, span: place.keySpan };
}
