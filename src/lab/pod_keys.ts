/**
 * Compares the keys of a written Pod with all fields that Kubernetes has: nothing is dropped in silence.
 *
 * @module
 */

import { POD_FIELDS, podField } from "./pod_fields.ts";
import type { PodField, PodType } from "./pod_fields.ts";
import type { Problems } from "./problems.ts";
import { suggestion } from "./suggest.ts";
import { isNull } from "./tree.ts";
import type { MapEntry, Node } from "./tree.ts";

/** What is said about a map inside a field that is refused or ignored as a whole. */
type Inside = PodField["status"];

/**
 * Reports each key that podlab does not implement: unknown to Kubernetes, not yet there, or of use in a cluster only.
 *
 * @param node A Pod, or a part of one of the given type.
 */
export function checkPodKeys(node: Node, type: PodType, problems: Problems): void {
  walk(node, type, "implemented", problems);
}

function walk(node: Node, type: PodType, inside: Inside, problems: Problems): void {
  if (node.kind === "list") {
    for (const item of node.items) walk(item, type, inside, problems);
    return;
  }
  if (node.kind !== "map") return;
  for (const [key, entry] of node.entries) checkKey(key, entry, type, inside, problems);
}

function checkKey(key: string, entry: MapEntry, type: PodType, inside: Inside, problems: Problems): void {
  const field = podField(type, key);
  if (field === undefined) {
    const message = `Unknown key ${JSON.stringify(key)} in a ${type} of Kubernetes`;
    problems.error("unknown_key", entry.keySpan, message, suggestion(key, Object.keys(POD_FIELDS[type]), "keys"));
    return;
  }
  report(key, field, entry, type, inside, problems);
  if (field.of !== undefined) walk(entry.value, field.of, stricter(inside, field.status), problems);
}

function report(
  key: string,
  field: PodField,
  entry: MapEntry,
  type: PodType,
  inside: Inside,
  problems: Problems,
): void {
  const name = JSON.stringify(key);
  switch (field.status) {
    case "implemented":
      return;
    case "not yet":
      // The whole of it was refused already, at the key above.
      if (inside === "not yet") return;
      return problems.error("not_yet", entry.keySpan, `Cannot use ${name} yet: ${field.reason}`, "Remove it");
    case "cluster-only":
      // Tools write `status: {}` and `creationTimestamp: null` into every manifest: nothing is lost with them.
      if (inside !== "implemented" || (isOfPod(type) && isEmpty(entry.value))) return;
      if (field.refused !== true) {
        return problems.warning("cluster_only", entry.keySpan, `Ignoring ${name}, cluster-only: ${field.reason}`);
      }
      return problems.error("cluster_only", entry.keySpan, `Cannot use ${name} without a cluster: ${field.reason}`);
  }
}

function isOfPod(type: PodType): boolean {
  return type === "Pod" || type === "ObjectMeta";
}

function isEmpty(node: Node): boolean {
  return isNull(node) || (node.kind === "map" && node.entries.size === 0);
}

function stricter(a: Inside, b: Inside): Inside {
  const order: readonly Inside[] = ["implemented", "cluster-only", "not yet"];
  return order.indexOf(a) > order.indexOf(b) ? a : b;
}
