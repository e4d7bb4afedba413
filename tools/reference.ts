/**
 * The reference of the lab language, made from what the checks themselves read: `labs/REFERENCE.md`.
 *
 * @module
 */

import { toolboxHelp } from "../src/asm/toolbox/toolbox.ts";
import { FACTS, type FactType } from "../src/lab/facts.ts";
import { matcherNames } from "../src/lab/matchers.ts";

/** What each matcher asks for. A test holds it to the matchers that there are. */
export const MATCHERS: Readonly<Record<string, readonly [example: string, doc: string]>> = {
  equals: ["equals: 1", "exactly this, also lists and maps; a bare value means the same"],
  not: ["not: 0", "not so"],
  contains: ["contains: hello", "a text has this part; a list has such an item; a map has this key"],
  matches: ['matches: "^v\\\\d"', "a text matches this regular expression (JavaScript, flag u)"],
  startsWith: ["startsWith: /usr", "a text begins so"],
  endsWith: ['endsWith: "\\\\n"', "a text ends so"],
  gt: ["gt: 1", "greater"],
  gte: ["gte: 64Mi", "greater or equal"],
  lt: ["lt: 2s", "less"],
  lte: ["lte: 500m", "less or equal"],
  between: ["between: [1, 9]", "from the first to the second"],
  approx: ["approx: { value: 500m, tolerance: 10% }", "near it; the tolerance is 10% unless given"],
  oneOf: ["oneOf: [a, b]", "one of these"],
  all: ["all: [{ gt: 1 }, { lt: 9 }]", "each of these holds"],
  any: ["any: [a, { startsWith: b }]", "at least one of these holds"],
  none: ["none: [a, b]", "none of these holds"],
  each: ["each: { state: S }", "every item so; an empty list never"],
  some: ["some: { comm: sh }", "at least one item so"],
  length: ["length: { gte: 2 }", "how many items"],
  absent: ["absent: true", "there is no such fact"],
  cel: ['cel: "self > 1 && self < 9"', "any CEL expression over the facts"],
};

/** The whole file. */
export function referenceText(schema: LabSchema): string {
  const { Action, Observation } = schema.$defs;
  return [
    "# The lab language",
    "",
    "Made by `deno task gen` from what podlab itself reads. `lab schema` prints it for editors.",
    "",
    "## Subjects and their facts",
    "",
    "Each observation has one subject. Of `process`, `cgroup` and their likes with several containers, the same must hold for",
    "each.",
    ...Object.entries(FACTS).flatMap(([subject, fact]) => [
      "",
      `### \`${subject}\``,
      "",
      `${Observation.properties[subject]?.description ?? fact.doc}.`,
      "",
      ...table(["fact", "type", "what it is"], factRows(fact, "")),
    ]),
    "",
    "## Matchers",
    "",
    "Quantities compare by value: `64Mi`, `500m`, `2s`. A map asks for the facts that it names; others may be there. A list asks",
    "for as many items in this order, except where the fact is a set: then each of these is in it.",
    "",
    ...table(
      ["matcher", "for example", "what it asks for"],
      Object.entries(MATCHERS).map(([name, [example, doc]]) => [code(name), code(example), doc]),
    ),
    "",
    "## Actions",
    "",
    "What `do` does before the first look, one or a list.",
    "",
    ...table(
      ["action", "what it does"],
      Object.entries(Action.properties).map(([name, { description = "" }]) => [code(name), description]),
    ),
    "",
    "## The toolbox",
    "",
    "In every container of the image `host` there is `toolbox`, one static program.",
    "",
    ...table(
      ["subcommand", "what it does"],
      toolboxHelp.map(({ name, synopsis, summary }) => [code(`${name} ${synopsis}`.trim()), summary]),
    ),
    "",
  ].join("\n");
}

/** What the reference reads of the lab's JSON Schema. */
export interface LabSchema {
  readonly $defs: Readonly<
    Record<"Action" | "Observation", {
      readonly properties: Readonly<Record<string, { readonly description?: string }>>;
    }>
  >;
}

/** The matchers that there are. */
export function allMatchers(): readonly string[] {
  return matcherNames({ type: "any", doc: "" });
}

/** A fact and those in it; `[]` stands for any item of a list, `*` for any key of a map. */
function factRows(fact: FactType, path: string): readonly (readonly string[])[] {
  const own = path === "" || fact.doc === "" ? [] : [[code(path), fact.type, fact.doc]];
  switch (fact.type) {
    case "object": {
      const fields = Object.entries(fact.fields);
      return [...own, ...fields.flatMap(([name, field]) => factRows(field, path === "" ? name : `${path}.${name}`))];
    }
    case "list":
    case "map": {
      const item = fact.type === "list" ? `${path}[]` : `${path}.*`;
      return fact.of.type === "object" || fact.of.type === "map" ? [...own, ...factRows(fact.of, item)] : own;
    }
    default:
      return own;
  }
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const escaped = (cell: string): string => cell.startsWith("`") ? cell : cell.replaceAll("<", "&lt;");
  return [line(head), line(head.map(() => "---")), ...rows.map((cells) => line(cells.map(escaped)))];
}
