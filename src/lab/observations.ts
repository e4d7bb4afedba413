/**
 * The observations of a lab: what is done, what is looked at, what must be, when, and after which others.
 *
 * @module
 */

import { readActions } from "./actions.ts";
import type { Cursor } from "./cursor.ts";
import { readExpect } from "./expect.ts";
import { FACTS } from "./facts.ts";
import type { Action, Mode, Observation, Subject, SubjectKind } from "./lab.ts";
import type { Matcher } from "./matcher.ts";
import type { Problems } from "./problems.ts";
import { positiveDurationAt } from "./quantities.ts";
import { formatMs } from "./quantity.ts";
import { ObservationSchema } from "./schema.ts";
import type { WrittenObservation } from "./schema.ts";
import { isSubjectKind, readSubject } from "./subjects.ts";
import type { SubjectContext } from "./subjects.ts";
import { listed, nearest, suggestion } from "./suggest.ts";
import { readText } from "./texts.ts";
import { clipped } from "./tree.ts";
import { checkUnique } from "./unique.ts";

/** What observations are read with. */
export interface ObservationsContext extends SubjectContext {
  /** What the whole lab may take. */
  readonly timeoutMs: number;
}

type Written = Cursor<WrittenObservation>;

/** Reads all observations. Those with a mistake are left out: the lab will not run. */
export function readObservations(
  written: Cursor<WrittenObservation[]>,
  context: ObservationsContext,
): readonly Observation[] {
  const all = written.items();
  checkUnique(all.map(englishName), "observation", context.problems);
  const earlier = new EarlierObservations(all, context.problems);
  return all.map((each, index) => {
    const observation = readObservation(each, index, earlier, context);
    // Nothing may ever drop out in silence: what is not observed cannot fail.
    if (observation === undefined && !context.problems.fatal) {
      context.problems.error("bad_value", each.span, "Cannot use this observation");
    }
    return observation;
  }).filter((observation) => observation !== undefined);
}

function englishName(written: Written): Cursor<string> {
  const name = written.get("name");
  return name.isMap() ? name.get("en") : name.scalar();
}

function readObservation(
  written: Written,
  index: number,
  earlier: EarlierObservations,
  context: ObservationsContext,
): Observation | undefined {
  const { problems } = context;
  const kind = subjectKind(written, problems);
  const subject = kind && readSubject(kind, written, context);
  const expect = kind && expectation(written, kind, subject, problems);
  const actions = readActions(written.get("do"), context);
  const mode = readMode(written, problems);
  checkTime(actions, mode, context);
  const after = earlier.indices(written.get("after").each(), index);
  if (subject === undefined || expect === undefined) return undefined;

  const points = written.get("points").value;
  const hint = readText(written.get("hint"));
  return {
    index,
    name: readText(written.get("name")) ?? { en: "" },
    subject,
    actions,
    expect,
    mode,
    ...(points === undefined ? {} : { points }),
    visibility: written.get("visibility").value ?? "visible",
    ...(hint === undefined ? {} : { hint }),
    after,
    tags: written.get("tags").items().map((tag) => tag.value ?? ""),
    span: written.span,
  };
}

/** The one key that names a subject. That a second one is there is said where unknown keys are. */
function subjectKind(written: Written, problems: Problems): SubjectKind | undefined {
  const node = written.node;
  if (node?.kind !== "map") return undefined;
  const [first, second] = node.entries.keys().filter(isSubjectKind);
  if (first === undefined) {
    const kinds = Object.keys(FACTS);
    // A subject that is misspelt has been told as an unknown key.
    const unknown = node.entries.keys().filter((key) => !Object.hasOwn(ObservationSchema.entries, key));
    if (unknown.some((key) => nearest(key, kinds) !== undefined)) return undefined;
    const message = "Missing a subject: this observation looks at nothing";
    problems.error("missing_key", written.anchor, message, `Subjects: ${listed(kinds)}`);
    return undefined;
  }
  if (second !== undefined) {
    const message = `Cannot look at ${clipped(first)} and ${clipped(second)} in one observation`;
    problems.error("impossible", written.get(second).keySpan, message, "Make it two observations");
  }
  return first;
}

function expectation(
  written: Written,
  kind: SubjectKind,
  subject: Subject | undefined,
  problems: Problems,
): Matcher | undefined {
  const place = written.get("expect");
  // What is wrong inside is worth telling even where the subject is wrong too.
  const matcher = place.written && place.node ? readExpect(place.node, FACTS[kind], kind, problems) : undefined;
  return subject === undefined ? undefined : matcher;
}

function readMode(written: Written, problems: Problems): Mode {
  const within = written.get("within");
  const throughout = written.get("throughout");
  if (within.written && throughout.written) {
    const later = within.keySpan.start > throughout.keySpan.start ? within : throughout;
    const message = "Cannot wait for something and ask for it all the time at once";
    problems.error("impossible", later.keySpan, message, "Remove within or throughout");
  }
  for (const [kind, place] of [["within", within], ["throughout", throughout]] as const) {
    const duration = positiveDurationAt(place, problems);
    if (duration !== undefined) return { kind, ms: duration.value, span: duration.span };
  }
  return { kind: "once" };
}

/** What takes longer than the whole lab may could only ever end by its deadline. */
function checkTime(actions: readonly Action[], mode: Mode, context: ObservationsContext): void {
  const waits = actions.filter((action) => action.kind === "wait");
  const timed = mode.kind === "once" ? waits : [...waits, mode];
  for (const { ms, span } of timed) {
    if (ms <= context.timeoutMs) continue;
    const message = `Cannot take ${formatMs(ms)}: the whole lab may take ${formatMs(context.timeoutMs)}`;
    context.problems.error("impossible", span, message, "Shorten it, or raise spec.timeout");
  }
}

/** Finds observations by name, in any language. */
class EarlierObservations {
  readonly #indices = new Map<string, number>();
  readonly #complete: boolean;
  readonly #problems: Problems;

  constructor(all: readonly Written[], problems: Problems) {
    for (const [index, written] of all.entries()) {
      const text = readText(written.get("name"));
      for (const name of [text?.en, text?.zh]) {
        if (name !== undefined && !this.#indices.has(name)) this.#indices.set(name, index);
      }
    }
    this.#complete = all.every((written) => readText(written.get("name")) !== undefined);
    this.#problems = problems;
  }

  /** The observations that these name, for the one at an index. */
  indices(places: readonly Cursor<string>[], own: number): readonly number[] {
    const found = places.map((place) => this.#index(place, own)).filter((index) => index !== undefined);
    return [...new Set(found)].sort((a, b) => a - b);
  }

  #index(place: Cursor<string>, own: number): number | undefined {
    const name = place.value;
    if (name === undefined) return undefined;
    const index = this.#indices.get(name);
    if (index !== undefined && index < own) return index;
    if (index !== undefined) {
      const which = index === own ? "itself" : "a later one";
      const message = `Cannot come after ${clipped(name)}: it is ${which}`;
      this.#problems.error("impossible", place.span, message, "Observations are made in the order of the file");
    } else if (this.#complete) {
      const names = [...this.#indices].filter(([, each]) => each < own).map(([each]) => each);
      const hint = suggestion(name, names, "earlier observations");
      this.#problems.error("bad_reference", place.span, `Cannot find an observation ${clipped(name)}`, hint);
    }
    return undefined;
  }
}
