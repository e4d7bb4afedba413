/**
 * One look at a subject against what an observation expects of it.
 *
 * @module
 */

import type { Observation, Subject } from "../lab/lab.ts";
import type { Json, Matcher } from "../lab/matcher.ts";
import { ABSENT, isMap } from "./describe.ts";
import { differs } from "./difference.ts";
import type { Difference } from "./events.ts";
import { differences } from "./matchers.ts";
import { printable } from "./text.ts";

/** A subject of which the facts of a look are a map target (`pod/container`) → facts, each of which must match. */
type SubjectOfSeveral = Extract<Subject, { readonly kind: "network" | "process" | "processes" | "cgroup" | "mounts" }>;

/** So are subjects that name several containers, except `namespaces`, which compares them. */
export function hasSeveralTargets(subject: Subject): subject is SubjectOfSeveral {
  switch (subject.kind) {
    case "process":
    case "processes":
    case "cgroup":
    case "mounts":
    case "network":
      return subject.of.length > 1;
    case "exec":
    case "namespaces":
    case "connect":
    case "http":
    case "file":
    case "logs":
    case "pod":
    case "host":
      return false;
  }
}

/**
 * How what was seen differs from what the observation expects; empty where it holds. With several targets each path
 * begins with its target: `[web/a].pid`.
 *
 * @param facts As in a `Look`.
 */
export function lookDifferences(observation: Observation, facts: Json | undefined): readonly Difference[] {
  const { subject, expect } = observation;
  if (!hasSeveralTargets(subject)) return seenDifferences(expect, facts, "").map((one) => withCause(one, facts));
  const seen = isMap(facts) ? facts : {};
  const targets = new Set(subject.of.map(({ pod, container }) => `${pod}/${container}`));
  return [...targets].flatMap((target) => {
    const ofTarget = Object.hasOwn(seen, target) ? seen[target] : undefined;
    return seenDifferences(expect, ofTarget, `[${printable(target, MAX_TARGET)}]`);
  });
}

/** Where nothing was seen nothing holds, not even `absent` or `not`: nothing would have been checked. */
function seenDifferences(expect: Matcher, facts: Json | undefined, path: string): readonly Difference[] {
  return facts === undefined ? differs(expect, facts, path) : differences(expect, facts, path);
}

/** A fact that is absent because there was no answer: the reason is another fact, which the user wants to know. */
function withCause(difference: Difference, facts: Json | undefined): Difference {
  const error = isMap(facts) && Object.hasOwn(facts, "error") ? facts["error"] : undefined;
  if (difference.actual !== ABSENT || typeof error !== "string") return difference;
  return { ...difference, actual: `${ABSENT} (${printable(error, MAX_CAUSE)})` };
}

/** Longest name of a target in a path; Kubernetes allows 253 + 63 characters. */
const MAX_TARGET = 320;

/** Longest reason shown beside an absent fact. */
const MAX_CAUSE = 120;
