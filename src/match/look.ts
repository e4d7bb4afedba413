/**
 * One look at a subject against what an observation expects of it.
 *
 * @module
 */

import type { Observation, Subject } from "../lab/lab.ts";
import type { Json } from "../lab/matcher.ts";
import { describeMatcher, describeValue, isMap } from "./describe.ts";
import type { Difference } from "./events.ts";
import { differences } from "./matchers.ts";

/**
 * Whether the facts of a look are a map target → facts (`pod/container` → …), each of which must match: so for subjects
 * that name several containers, except `namespaces`, which compares them.
 */
export function isMapOfTargets(subject: Subject): boolean {
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
 */
export function lookDifferences(observation: Observation, facts: Json | undefined): readonly Difference[] {
  const { subject, expect } = observation;
  if (!isMapOfTargets(subject)) return differences(expect, facts);
  // No target at all would hold without anything having been checked.
  if (!isMap(facts) || Object.keys(facts).length === 0) {
    return [{ path: "", expected: describeMatcher(expect), actual: describeValue(facts), span: expect.span }];
  }
  return Object.entries(facts).flatMap(([target, ofTarget]) => differences(expect, ofTarget, `[${target}]`));
}
