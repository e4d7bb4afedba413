/**
 * What an `expect` asks for, as a tree. Made by the check, evaluated in `src/match/`.
 *
 * @module
 */

import type { Span } from "./span.ts";

/** JSON data: what facts and expectations are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a value is shown to a person: bytes as `64Mi`, CPU as `500m`, milliseconds as `2s`. */
export type Unit = "bytes" | "millicpu" | "ms" | "octal";

/** One expectation. Quantities are numbers already (bytes, thousandths of a CPU, milliseconds), with their unit. */
export type Matcher =
  & { readonly span: Span; readonly unit?: Unit }
  & (
    /** A scalar, or `equals:` with anything: deep equality. */
    | { readonly kind: "equals"; readonly value: Json }
    /** A map: each named field must match; others may be there. */
    | {
      readonly kind: "fields";
      readonly fields: readonly { readonly key: string; readonly keySpan: Span; readonly matcher: Matcher }[];
    }
    /** A list against a list: as many items, each matching in order. */
    | { readonly kind: "items"; readonly items: readonly Matcher[] }
    /** A list against a set (`shared: [net, ipc]`): each of these is in it; others may be. */
    | { readonly kind: "includes"; readonly values: readonly Json[] }
    | { readonly kind: "not"; readonly matcher: Matcher }
    /** A text contains a text; a list or set has an item that matches; a map has a key. */
    | { readonly kind: "contains"; readonly matcher: Matcher }
    | { readonly kind: "matches"; readonly pattern: string; readonly flags: string }
    | { readonly kind: "startsWith" | "endsWith"; readonly text: string }
    | { readonly kind: "compare"; readonly op: "gt" | "gte" | "lt" | "lte"; readonly value: number | string }
    | { readonly kind: "between"; readonly low: number; readonly high: number }
    /** Within `tolerance` (a fraction of `value`, 0.1 by default). */
    | { readonly kind: "approx"; readonly value: number; readonly tolerance: number }
    | { readonly kind: "oneOf"; readonly values: readonly Matcher[] }
    | { readonly kind: "all" | "any" | "none"; readonly matchers: readonly Matcher[] }
    /** Each item, or at least one item, of a list (of a map: its values). `each` of an empty list does not hold. */
    | { readonly kind: "each" | "some"; readonly matcher: Matcher }
    | { readonly kind: "length"; readonly matcher: Matcher }
    | { readonly kind: "absent"; readonly absent: boolean }
    /** A CEL expression over the facts; true holds. In it, `self` is the value, and a map's fields are variables. */
    | { readonly kind: "cel"; readonly expression: string }
  );
