/**
 * How differences are made: by every matcher in the same words.
 *
 * @module
 */

import type { Json, Matcher } from "../lab/matcher.ts";
import { describeMatcher, describeValue, unitOf } from "./describe.ts";
import type { Difference } from "./events.ts";

/** Matchers of one or several kinds. */
export type MatcherOf<K extends Matcher["kind"]> = Matcher extends infer M
  ? M extends Matcher ? Extract<M["kind"], K> extends never ? never : M : never
  : never;

/** `differences` of matchers.ts, handed to the matchers that hold other matchers. */
export type Evaluate = (matcher: Matcher, facts: Json | undefined, path: string) => readonly Difference[];

/** That it holds. */
export const HOLDS: readonly Difference[] = [];

/** That the whole matcher does not hold for the whole value. */
export function differs(matcher: Matcher, actual: Json | undefined, path: string): readonly Difference[] {
  return [{
    path,
    expected: describeMatcher(matcher),
    actual: describeValue(actual, unitOf(matcher)),
    span: matcher.span,
  }];
}

/** Differences of a long list that are told one by one; a person reads no further. */
const MAX_TOLD = 20;

/** The first few, and how many more there are. */
export function bounded(found: readonly Difference[], path: string, matcher: Matcher): readonly Difference[] {
  if (found.length <= MAX_TOLD) return found;
  const more = {
    path: `${path}[…]`,
    expected: describeMatcher(matcher),
    actual: `… +${found.length - MAX_TOLD}`,
    span: matcher.span,
  };
  return [...found.slice(0, MAX_TOLD), more];
}
