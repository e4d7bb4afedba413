/**
 * Matchers that combine others.
 *
 * @module
 */

import type { Json } from "../lab/matcher.ts";
import { differs, type Evaluate, HOLDS, type MatcherOf } from "./difference.ts";
import type { Difference } from "./events.ts";

type Found = readonly Difference[];

/** Holds where the other does not, so also of a fact that is not there. */
export function not(matcher: MatcherOf<"not">, actual: Json | undefined, path: string, evaluate: Evaluate): Found {
  return evaluate(matcher.matcher, actual, path).length > 0 ? HOLDS : differs(matcher, actual, path);
}

/** One of several values. */
export function oneOf(matcher: MatcherOf<"oneOf">, actual: Json | undefined, path: string, evaluate: Evaluate): Found {
  const holds = matcher.values.some((value) => evaluate(value, actual, path).length === 0);
  return holds ? HOLDS : differs(matcher, actual, path);
}

/** At least one. */
export function any(matcher: MatcherOf<"any">, actual: Json | undefined, path: string, evaluate: Evaluate): Found {
  const holds = matcher.matchers.some((each) => evaluate(each, actual, path).length === 0);
  return holds ? HOLDS : differs(matcher, actual, path);
}

/** None; only those that hold are told. */
export function none(matcher: MatcherOf<"none">, actual: Json | undefined, path: string, evaluate: Evaluate): Found {
  const matchers = matcher.matchers.filter((each) => evaluate(each, actual, path).length === 0);
  return matchers.length === 0 ? HOLDS : differs({ ...matcher, matchers }, actual, path);
}
