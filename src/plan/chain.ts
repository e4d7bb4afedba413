/**
 * Which process makes each step of a chain: a clone's next step is the new process's, and where the clone says that its
 * maker goes on (`resume`), the maker's come after those.
 *
 * @module
 */

import type { Op } from "./op.ts";

/** A process of a chain. */
export interface Maker {
  /** `runner`, or the name that a clone gave. */
  readonly process: string;
  /** Whether its descriptors are the runner's (CLONE_FILES all the way). */
  readonly sharesDescriptors: boolean;
}

const RUNNER: Maker = { process: "runner", sharesDescriptors: true };

/** For each step of a chain that the runner begins, who makes it. */
export function makers(steps: readonly Op[]): readonly Maker[] {
  const resumes: { readonly at: number; readonly maker: Maker }[] = [];
  let current = RUNNER;
  return steps.map((step, index) => {
    if (resumes.at(-1)?.at === index) current = resumes.pop()?.maker ?? current;
    const maker = current;
    if (step.enters !== undefined) {
      if (step.resume !== undefined) resumes.push({ at: index + 1 + step.resume, maker });
      current = { process: step.enters, sharesDescriptors: maker.sharesDescriptors && sharesDescriptors(step) };
    }
    return maker;
  });
}

/** Whether a clone shares its maker's descriptors, as stepping stones do. */
export function sharesDescriptors(step: Op): boolean {
  if (step.call === "clone3") return step.args.args.flags.includes("CLONE_FILES");
  return step.call === "clone" && step.args.flags.includes("CLONE_FILES");
}
