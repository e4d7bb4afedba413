/**
 * A parsed file to a lab that can be run, or to all that is wrong with it. The table of contents of the checks.
 *
 * @module
 */

import { loadCel } from "./cel.ts";
import { Cursor } from "./cursor.ts";
import { readDocuments } from "./documents.ts";
import { checkShape } from "./issues.ts";
import type { Lab } from "./lab.ts";
import { readObservations } from "./observations.ts";
import { collectPods, fileReferences, isInlinePod } from "./pod_sources.ts";
import type { FileReference, PodSources, ReferencedFiles } from "./pod_sources.ts";
import { readPod } from "./pods.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { Problems } from "./problems.ts";
import { positiveDurationAt } from "./quantities.ts";
import { References } from "./references.ts";
import { LabSchema } from "./schema.ts";
import type { WrittenLab } from "./schema.ts";
import type { Span } from "./span.ts";
import { readText } from "./texts.ts";
import { mentions, nodeAt } from "./tree.ts";
import type { MapNode, Path, Tree } from "./tree.ts";
import { checkUnique } from "./unique.ts";

export type { FileReference, ReferencedFiles };

/** What checking came to. */
export interface Checked {
  /** The lab; absent where one of the problems is an error. */
  readonly lab?: Lab;
  /** In the order of the files, at most a hundred and one that counts the rest. */
  readonly problems: readonly Problem[];
}

/** What a lab may take where it does not say (`spec.timeout`). */
const TIMEOUT_MS = 120_000;

/**
 * The files that a lab refers to by `{ file: pod.yaml }`, relative to the lab's own. Who calls loads and parses them.
 */
export function referencedFiles(tree: Tree): readonly FileReference[] {
  return tree.documents.filter(({ sound }) => sound).flatMap(({ root }) => fileReferences(root));
}

/**
 * Checks a parsed file: schema, names, references, quantities, facts, Kubernetes' rules.
 *
 * Never throws: everything that is wrong is in `problems`, with those of parsing.
 *
 * @param tree The lab's file.
 * @param files What became of each of its {@linkcode referencedFiles}, by path: a tree, or the problem of reading it
 *   (whose span is replaced by the reference's).
 */
export async function checkLab(tree: Tree, files: ReferencedFiles = new Map()): Promise<Checked> {
  // Only a lab that uses CEL pays for loading it.
  if (tree.documents.some(({ root }) => mentions(root, "cel"))) await loadCel();

  const problems = new Problems();
  problems.add(tree.problems);
  const documents = readDocuments(tree, problems);
  const root = theLab(documents.labs, tree, documents.complete, problems);
  if (root === undefined) return { problems: problems.sorted() };

  const invalid = checkShape(root, LabSchema, problems, { ignoreKeys: (path) => isInPod(root, path), codes });
  const written = new Cursor<WrittenLab>(root, invalid, root.span);
  const sources = collectPods(written.get("spec").get("pods"), documents.pods, files, problems);
  const complete = sources.complete && documents.complete;
  const lab = readLab(written, { ...sources, complete }, tree.source.name, problems);
  return { problems: problems.sorted(), ...(problems.fatal ? {} : { lab }) };
}

/** The one Lab document of a file. */
function theLab(
  labs: readonly MapNode[],
  tree: Tree,
  complete: boolean,
  problems: Problems,
): MapNode | undefined {
  const [first, ...others] = labs;
  for (const other of others) {
    const message = "Cannot use a second Lab in one file";
    problems.error("duplicate_name", startOf(other.span), message, "Put it into a file of its own");
  }
  if (first === undefined && complete) {
    const [document] = tree.documents;
    const span = document === undefined
      ? { file: tree.source.name, line: 1, column: 1, start: 0, end: 0 }
      : startOf(document.root.span);
    const message = document === undefined ? "Cannot find a lab: the file is empty" : "Cannot find a Lab in this file";
    problems.error("no_lab", span, message, 'A lab has "apiVersion: podlab/v1" and "kind: Lab"');
  }
  return first;
}

function startOf(span: Span): Span {
  return { ...span, end: span.start };
}

/** Whether a path leads into a Pod, whose keys are compared with all that Kubernetes has. */
function isInPod(root: MapNode, path: Path): boolean {
  const [spec, pods] = path;
  if (spec !== "spec" || pods !== "pods" || path.length < 3) return false;
  const entry = nodeAt(root, path.slice(0, 3));
  return entry !== undefined && isInlinePod(entry);
}

/** What is missing in these places has a code of its own: a lab that checks nothing cannot pass. */
function codes(path: Path): ProblemCode | undefined {
  const [spec, observations, , expect] = path;
  if (spec !== "spec" || observations !== "observations") return undefined;
  if (path.length === 2) return "no_observations";
  return path.length === 4 && expect === "expect" ? "empty_expect" : undefined;
}

function readLab(written: Cursor<WrittenLab>, sources: PodSources, file: string, problems: Problems): Lab {
  const metadata = written.get("metadata");
  const spec = written.get("spec");
  const name = metadata.get("name").value ?? "";
  const description = readText(metadata.get("description"));
  const timeoutMs = positiveDurationAt(spec.get("timeout"), problems)?.value ?? TIMEOUT_MS;

  const pods = sources.pods.map((pod) => readPod(pod, problems));
  checkUnique(sources.pods.map((pod) => pod.get("metadata").get("name")), "pod", problems);
  const names = new References(pods, sources.complete, problems);
  const observations = readObservations(spec.get("observations"), { names, problems, timeoutMs });
  return {
    name,
    title: readText(metadata.get("title")) ?? { en: name },
    ...(description === undefined ? {} : { description }),
    tags: metadata.get("tags").items().map((tag) => tag.value ?? ""),
    file,
    span: written.span,
    pods,
    observations,
    requires: spec.get("requires").get("programs").items().map((program) => program.at("")),
    timeoutMs,
  };
}
