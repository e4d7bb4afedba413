/**
 * Expectations turned into their opposite, to prove that an observation can fail.
 *
 * @module
 */

import type { Matcher } from "../../src/lab/matcher.ts";
import type { Span } from "../../src/lab/span.ts";

/** What no fact is. */
const NEVER = "podlab: nothing is ever this";

/** Parts of an expectation, each of which must hold: the parts, and the whole made of others in their place. */
interface Parts {
  readonly parts: readonly Matcher[];
  readonly whole: (parts: readonly Matcher[]) => Matcher;
}

/** Nothing for what has no parts. */
function partsOf(matcher: Matcher): Parts | undefined {
  switch (matcher.kind) {
    case "fields":
      return {
        parts: matcher.fields.map((field) => field.matcher),
        whole: (parts) => ({
          ...matcher,
          fields: matcher.fields.map((field, index) => ({ ...field, matcher: parts[index] ?? field.matcher })),
        }),
      };
    case "items":
      return { parts: matcher.items, whole: (items) => ({ ...matcher, items }) };
    case "all":
      return { parts: matcher.matchers, whole: (matchers) => ({ ...matcher, matchers }) };
    case "length":
      return {
        parts: [matcher.matcher],
        whole: ([inner]) => ({ ...matcher, matcher: inner ?? matcher.matcher }),
      };
    default:
      return undefined;
  }
}

/** The places where an expectation says what must be. */
export function claims(matcher: Matcher): readonly Span[] {
  return partsOf(matcher)?.parts.flatMap(claims) ?? [matcher.span];
}

/** The expectation with nothing that anything could meet: whenever it is looked at, every claim of it is wrong. */
export function impossible(matcher: Matcher): Matcher {
  const parts = partsOf(matcher);
  if (parts !== undefined) return parts.whole(parts.parts.map(impossible));
  return { kind: "equals", value: NEVER, span: matcher.span };
}

/** An expectation with one of its claims turned into its opposite, and where that stands. */
export interface Contradiction {
  readonly expect: Matcher;
  readonly at: Span;
}

/** One for each claim. None of them holds where the expectation holds. */
export function contradictions(matcher: Matcher): readonly Contradiction[] {
  const parts = partsOf(matcher);
  if (parts === undefined) return [{ expect: opposite(matcher), at: matcher.span }];
  return parts.parts.flatMap((part, index) =>
    contradictions(part).map(({ expect, at }) => ({ expect: parts.whole(parts.parts.with(index, expect)), at }))
  );
}

/** Holds where the other does not; told at the same place. */
function opposite(matcher: Matcher): Matcher {
  const { span } = matcher;
  switch (matcher.kind) {
    case "not":
      return { ...matcher.matcher, span };
    case "absent":
      return { ...matcher, absent: !matcher.absent };
    case "compare": {
      const op = ({ gt: "lte", gte: "lt", lt: "gte", lte: "gt" } as const)[matcher.op];
      return { ...matcher, op };
    }
    case "cel":
      return { ...matcher, expression: `!(${matcher.expression})` };
    default:
      return { kind: "not", matcher, span };
  }
}
