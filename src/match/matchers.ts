/**
 * Evaluates what a lab expects over what was observed.
 *
 * @module
 */

import type { Json, Matcher } from "../lab/matcher.ts";
import * as collection from "./match_collection.ts";
import * as logic from "./match_logic.ts";
import * as scalar from "./match_scalar.ts";
import type { Difference } from "./events.ts";

/**
 * How the facts differ from what the matcher asks for, only the parts that differ; empty where it holds.
 *
 * A fact that is not there is `undefined`: then `absent: true` and `not` of anything hold, everything else does not.
 *
 * @param path Of the facts in the whole, for {@linkcode Difference.path}.
 */
export function differences(matcher: Matcher, facts: Json | undefined, path: string = ""): readonly Difference[] {
  switch (matcher.kind) {
    case "equals":
      return scalar.equals(matcher, facts, path);
    case "matches":
      return scalar.matches(matcher, facts, path);
    case "startsWith":
    case "endsWith":
      return scalar.startsOrEndsWith(matcher, facts, path);
    case "compare":
      return scalar.compare(matcher, facts, path);
    case "between":
      return scalar.between(matcher, facts, path);
    case "approx":
      return scalar.approx(matcher, facts, path);
    case "absent":
      return scalar.absent(matcher, facts, path);
    case "cel":
      return scalar.cel(matcher, facts, path);
    case "fields":
      return collection.fields(matcher, facts, path, differences);
    case "items":
      return collection.items(matcher, facts, path, differences);
    case "includes":
      return collection.includes(matcher, facts, path);
    case "contains":
      return collection.contains(matcher, facts, path, differences);
    case "each":
    case "some":
      return collection.eachOrSome(matcher, facts, path, differences);
    case "length":
      return collection.length(matcher, facts, path, differences);
    case "not":
      return logic.not(matcher, facts, path, differences);
    case "oneOf":
      return logic.oneOf(matcher, facts, path, differences);
    case "all":
      return matcher.matchers.flatMap((each) => differences(each, facts, path));
    case "any":
      return logic.any(matcher, facts, path, differences);
    case "none":
      return logic.none(matcher, facts, path, differences);
  }
}
