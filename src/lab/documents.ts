/**
 * Which document of a file is what.
 *
 * @module
 */

import type { Problems } from "./problems.ts";
import { suggestion } from "./suggest.ts";
import { anchorSpan, clipped, described, entryOf, nodeAt, textOf } from "./tree.ts";
import type { MapNode, Node, Tree } from "./tree.ts";

/** The documents of a file. */
export interface Documents {
  readonly labs: readonly MapNode[];
  readonly pods: readonly MapNode[];
  /** Whether every document is one of these; else what is missing may be in those that are not understood. */
  readonly complete: boolean;
}

/** Sorts the documents of a file by their `kind`. */
export function readDocuments(tree: Tree, problems: Problems): Documents {
  const labs: MapNode[] = [];
  const pods: MapNode[] = [];
  let complete = tree.problems.length === 0;
  for (const { root, sound } of tree.documents) {
    const kind = sound ? kindOf(root, problems) : undefined;
    if (kind === undefined || root.kind !== "map") complete = false;
    else if (kind === "Lab") labs.push(root);
    else pods.push(root);
  }
  return { labs, pods, complete };
}

function kindOf(root: Node, problems: Problems): "Lab" | "Pod" | undefined {
  if (root.kind !== "map") {
    if (root.kind === "bad") return undefined;
    const message = `Cannot use ${described(root)} as a document: a Lab or a Pod is wanted`;
    problems.error("wrong_type", root.span, message, 'Start with "apiVersion: podlab/v1" and "kind: Lab"');
    return undefined;
  }
  const written = entryOf(root, "kind")?.value;
  const kind = textOf(written);
  if (kind === "Lab" || kind === "Pod") return kind;
  if (written === undefined || kind === undefined) return guessedKind(root, problems);
  if (kind === "ConfigMap" || kind === "Secret") {
    problems.error(
      "not_yet",
      written.span,
      `Cannot use a ${kind} yet: containers have written values only`,
      "Remove it",
    );
  } else {
    const hint = suggestion(kind, ["Lab", "Pod"], "kinds");
    problems.error("bad_value", written.span, `Cannot use a document of kind ${clipped(kind)}`, hint);
  }
  return undefined;
}

/** Without a `kind`, what only labs have makes it a lab, whose schema then says what is missing. */
function guessedKind(root: MapNode, problems: Problems): "Lab" | undefined {
  const apiVersion = textOf(entryOf(root, "apiVersion")?.value) ?? "";
  if (apiVersion.startsWith("podlab") || nodeAt(root, ["spec", "observations"]) !== undefined) return "Lab";
  const message = 'Missing key "kind" in a document';
  problems.error("missing_key", anchorSpan(root), message, 'Write "kind: Lab" or "kind: Pod"');
  return undefined;
}
