/**
 * Which labs and observations a run is about: `--only` and `--shard`.
 *
 * @module
 */

import type { Lab, Observation } from "../lab/lab.ts";
import { listed, nearest } from "../lab/suggest.ts";
import { EXIT, UsageError } from "./errors.ts";

/**
 * The indices of the observations that `--only` leaves: those that have one of the texts in their name, in whichever language
 * and case, or as a tag of their own or of their lab's; and those that these depend on.
 */
export function chosen(lab: Lab, texts: readonly string[]): ReadonlySet<number> {
  const wanted = texts.map((text) => text.toLowerCase());
  const found = new Set<number>();
  const add = (observation: Observation): void => {
    if (found.has(observation.index)) return;
    found.add(observation.index);
    lab.observations.filter(({ index }) => observation.after.includes(index)).forEach(add);
  };
  lab.observations.filter((observation) => isMeant(lab, observation, wanted)).forEach(add);
  return found;
}

function isMeant(lab: Lab, { name, tags }: Observation, wanted: readonly string[]): boolean {
  const names = [name.en, name.zh ?? ""].map((text) => text.toLowerCase());
  const allTags = [...lab.tags, ...tags].map((tag) => tag.toLowerCase());
  return wanted.some((text) => allTags.includes(text) || names.some((one) => one.includes(text)));
}

/** What to say where `--only` leaves nothing at all. */
export function nothingLeft(texts: readonly string[], labs: readonly Lab[]): UsageError {
  const tags = labs.flatMap((lab) => [...lab.tags, ...lab.observations.flatMap((observation) => observation.tags)]);
  const names = labs.flatMap((lab) => lab.observations.map((observation) => observation.name.en));
  const near = texts.map((text) => nearest(text, [...tags, ...names])).find((found) => found !== undefined);
  const known = [...new Set(tags)].sort();
  const all = known.length === 0 ? "lab list --json shows the labs" : `Tags: ${listed(known)}`;
  return new UsageError(
    `Nothing to check: no observation has ${texts.map((text) => `"${text}"`).join(" or ")} as tag or in its name`,
    near === undefined ? all : `Did you mean "${near}"?`,
    EXIT.nothing,
  );
}

/** A part of a run: the `index`-th, from 1, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** More parts than this nobody has machines for. */
const SHARDS_MAX = 10_000;

/** Reads `i/n`. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, count] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (index < 1 || index > count || count > SHARDS_MAX) {
    throw new UsageError(`Cannot run the part "${text}"`, 'Write --shard i/n with i from 1 to n, as in "2/3"');
  }
  return { index, count };
}

/** The items of a part: every n-th, so that what is beside each other, and often alike, is spread. */
export function shardOf<T>(items: readonly T[], { index, count }: Shard): T[] {
  return items.filter((_, position) => position % count === index - 1);
}
