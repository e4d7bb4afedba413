/**
 * What reading an `expect` passes along.
 *
 * @module
 */

import type { FactType } from "./facts.ts";
import type { Matcher } from "./matcher.ts";
import type { Problems } from "./problems.ts";
import { clipped, described } from "./tree.ts";
import type { Node } from "./tree.ts";

/** Something expected of a fact. */
export interface Expectation {
  readonly node: Node;
  readonly fact: FactType;
  /** The fact's path, for messages: `cgroup.memory.max`. */
  readonly label: string;
}

/** What matchers that hold matchers read them with. */
export interface Reader {
  readonly problems: Problems;
  /** Reads an expectation; nothing where something is wrong, which is reported. */
  readonly read: (expectation: Expectation) => Matcher | undefined;
}

/** Reports that a value is of the wrong type. */
export function wrongType(node: Node, label: string, wanted: string, problems: Problems, hint?: string): undefined {
  if (node.kind === "bad") return;
  problems.error(
    "wrong_type",
    node.span,
    `Cannot use ${described(node)} for ${clipped(label)}: ${wanted} is wanted`,
    hint,
  );
}

/** Reports an expectation that holds whatever the fact is: a lab that checks nothing must not pass. */
export function checksNothing(node: Node, problems: Problems): undefined {
  problems.error("empty_expect", node.span, "Cannot expect nothing: this always holds", "Write what must be");
}
