/**
 * Where a lab's pods come from: written in the lab, in a document beside it, or in a file that it names.
 *
 * @module
 */

import { Cursor } from "./cursor.ts";
import { readDocuments } from "./documents.ts";
import type { Problem } from "./problem.ts";
import type { Problems } from "./problems.ts";
import { checkShape } from "./issues.ts";
import { checkPodKeys } from "./pod_keys.ts";
import type { WrittenLab } from "./schema.ts";
import { PodSchema } from "./schema_pod.ts";
import type { WrittenPod } from "./schema_pod.ts";
import type { Span } from "./span.ts";
import { clipped, entryOf, nodeAt, textOf } from "./tree.ts";
import type { MapNode, Node, Tree } from "./tree.ts";

/** A reference to a file with Pods. */
export interface FileReference {
  /** As it is written: relative to the lab's file. */
  readonly path: string;
  /** Of the path. */
  readonly span: Span;
}

/** What became of the files that a lab refers to, by path as it is written: what is in them, or why that is not known. */
export type ReferencedFiles = ReadonlyMap<string, Tree | Problem>;

/** The written pods of a lab. */
export interface PodSources {
  readonly pods: readonly Cursor<WrittenPod>[];
  /** Whether these are all that there are meant to be. */
  readonly complete: boolean;
}

/** The files that a Lab document refers to, in the order of the file. */
export function fileReferences(lab: Node): readonly FileReference[] {
  const pods = nodeAt(lab, ["spec", "pods"]);
  if (pods?.kind !== "list") return [];
  return pods.items.map(fileReference).filter((reference) => reference !== undefined);
}

/** The reference that an entry of `spec.pods` is; nothing where it is a Pod itself. */
export function fileReference(entry: Node): FileReference | undefined {
  const file = entryOf(entry, "file");
  const path = textOf(file?.value);
  return file === undefined || path === undefined || path === "" ? undefined : { path, span: file.value.span };
}

/** Whether an entry of `spec.pods` is a Pod itself, right or wrong, and no reference. */
export function isInlinePod(entry: Node): boolean {
  return entry.kind === "map" && !entry.entries.has("file");
}

/**
 * Collects the pods of a lab.
 *
 * @param list `spec.pods`, whose shape has been checked.
 * @param beside Pod documents of the lab's own file.
 */
export function collectPods(
  list: Cursor<NonNullable<WrittenLab["spec"]["pods"]>>,
  beside: readonly MapNode[],
  files: ReferencedFiles,
  problems: Problems,
): PodSources {
  const pods: Cursor<WrittenPod>[] = [];
  let complete = !list.broken;
  for (const entry of list.items()) {
    const { node } = entry;
    const reference = node && fileReference(node);
    if (reference !== undefined) {
      const inFile = podsOfFile(reference, files, problems);
      complete &&= inFile.complete;
      pods.push(...inFile.pods);
    } else if (node !== undefined && isInlinePod(node)) {
      checkPodKeys(node, "Pod", problems);
      // What has no key `file` was checked against the schema of a Pod.
      pods.push(entry.map() as Cursor<WrittenPod>);
    } else complete = false;
  }
  return { pods: [...pods, ...beside.map((root) => podDocument(root, problems))], complete };
}

function podsOfFile(reference: FileReference, files: ReferencedFiles, problems: Problems): PodSources {
  const { path, span } = reference;
  const file = files.get(path);
  if (file === undefined) {
    problems.error("file_unreadable", span, `Cannot read ${clipped(path)}: it has not been loaded`);
    return { pods: [], complete: false };
  }
  if ("code" in file) {
    problems.add([{ ...file, span }]);
    return { pods: [], complete: false };
  }
  problems.add(file.problems);
  const { pods, labs, complete } = readDocuments(file, problems);
  const [lab] = labs;
  if (lab !== undefined) {
    problems.error("bad_reference", span, `Cannot use ${clipped(path)} as a file of Pods: it holds a Lab`);
  } else if (pods.length === 0 && complete) {
    problems.error("bad_reference", span, `Cannot find a Pod in ${clipped(path)}`, 'A Pod has "kind: Pod"');
  }
  return { pods: pods.map((root) => podDocument(root, problems)), complete: complete && pods.length > 0 };
}

function podDocument(root: MapNode, problems: Problems): Cursor<WrittenPod> {
  checkPodKeys(root, "Pod", problems);
  const invalid = checkShape(root, PodSchema, problems, { ignoreKeys: () => true });
  return new Cursor<WrittenPod>(root, invalid, root.span);
}
