/**
 * One look at a subject: facts from outside. Only `exec` runs something in a container.
 *
 * @module
 */

import type { Subject, Target } from "../../lab/lab.ts";
import type { Json } from "../../lab/matcher.ts";
import type { Span } from "../../lab/span.ts";
import { cgroupFacts } from "../../sys/cgroupfs.ts";
import { readCgroupFile } from "../cgroup.ts";
import type { Context } from "../context.ts";
import { podStatus } from "../status.ts";
import { find, findPod, type Found, type Pods, targetName } from "../targets.ts";
import { connectFacts, httpFacts } from "./connect.ts";
import { execFacts } from "./exec.ts";
import { fileFacts } from "./file.ts";
import { hostFacts } from "./host.ts";
import { namespaceFacts } from "./namespaces.ts";
import { networkOf } from "./network.ts";
import { mountsOf, processesOf, processOf } from "./process.ts";

/** The facts of a subject now. For several targets a map target → facts. */
export async function observe(context: Context, pods: Pods, subject: Subject): Promise<Json> {
  const { span } = subject;
  const each = async (of: readonly Target[], look: (found: Found) => Json | Promise<Json>): Promise<Json> => {
    const [only] = of;
    if (of.length === 1 && only !== undefined) return await look(find(pods, only, span));
    const facts: Record<string, Json> = {};
    for (const target of of) facts[targetName(target)] = await look(find(pods, target, span));
    return facts;
  };
  switch (subject.kind) {
    case "exec":
      return await execFacts(context, find(pods, subject.in, span), subject);
    case "process":
      return await each(subject.of, processOf);
    case "processes":
      return await each(subject.of, processesOf);
    case "cgroup":
      return await each(subject.of, ({ cgroups }) => cgroupFacts(readCgroupFile, cgroups));
    case "mounts":
      return await each(subject.of, mountsOf);
    case "network": {
      const seen = new Map<number, Json>();
      return await each(subject.of, (found) => networkOf(context, found, span, seen));
    }
    case "namespaces":
      return namespaceFacts(subject.of.map((target) => ({
        name: targetName(target),
        hostPid: target === "host" ? Deno.pid : find(pods, target, span).hostPid,
      })));
    case "connect":
      return await connectFacts(context, find(pods, subject.from, span), subject);
    case "http":
      return await httpFacts(context, find(pods, subject.from, span), subject);
    case "file":
      return fileFacts(context, find(pods, subject.in, span), subject.path);
    case "logs":
      return logFacts(find(pods, subject.of, span), subject.stream);
    case "pod":
      return podStatus(findPod(pods, subject.pod, span));
    case "host":
      return hostFacts(context.host);
    default:
      return never(subject, span);
  }
}

function never(subject: never, span: Span): never {
  throw new Error(`No observer for ${JSON.stringify(subject)} at ${span.line}`);
}

function logFacts({ container }: Found, stream: "both" | "stdout" | "stderr"): Json {
  if (container === undefined) return { text: "", lines: [], bytes: 0, truncated: false };
  container.drain();
  const text = container.log.text(stream);
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return { text, lines, bytes: container.log.bytes, truncated: container.log.truncated };
}
