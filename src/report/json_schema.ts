/**
 * The shape of the JSON report: the one source of its type and of `labs/result.schema.json`.
 *
 * @module
 */

import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";

const described = <S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));
const text = (description: string) => described(v.string(), description);
const count = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const milliseconds = (description: string) => v.pipe(v.number(), v.minValue(0), v.description(description));
const flag = (description: string) => described(v.boolean(), description);

const location = text("file:line:column");
const status = v.picklist(["passed", "failed", "skipped", "error"]);

const difference = v.strictObject({
  path: text("Where in the facts, as in memory.max or lines[2]; empty for the whole"),
  expected: text("In the words of the lab: 64Mi, { gt: 1 }"),
  actual: text("What was observed, in the same words"),
  location,
  diff: v.optional(text("The lines that differ: - expected, + actual")),
});

const error = v.strictObject({
  kind: v.picklist(["unsupported", "failed", "deadline", "internal"]),
  message: v.string(),
  process: v.optional(text("The process of the plan that made the call")),
  call: v.optional(text("The system call, as plan prints it")),
  errno: v.optional(text("EPERM …")),
  location: v.optional(location),
  hint: v.optional(text("What to do about it")),
});

const container = v.strictObject({
  container: text("pod/container"),
  state: v.string(),
  reason: v.optional(v.string()),
  exitCode: v.optional(v.number()),
  hostPid: v.optional(v.number()),
  restartCount: count("How often it was started again"),
  log: described(v.array(v.string()), "The last lines that it wrote"),
  cgroup: described(v.array(v.string()), "A few figures: memory.current: 12Mi"),
});

const observation = v.strictObject({
  name: text("In the language of the run"),
  status,
  durationMs: milliseconds("How long it took"),
  expected: described(
    v.nullable(v.string()),
    "What was wanted of what differs, a line each; null where nothing differs",
  ),
  actual: described(v.nullable(v.string()), "What was observed instead, a line each; null where nothing differs"),
  message: described(v.nullable(v.string()), "What it comes to in one sentence, for a skip why; null where it passed"),
  location: text("file:line:column of the expectation that does not hold, else of the observation"),
  mode: text("once, within 2s, throughout 2s"),
  looks: count("How often it was looked at"),
  lookedAtMs: described(
    v.nullable(v.number()),
    "When the deciding look was made, since the lab's start; null for none",
  ),
  differences: v.array(difference),
  facts: v.optional(described(v.unknown(), "For one that did not pass, the facts of the deciding look")),
  error: v.optional(error),
  containers: described(v.array(container), "For one that did not pass, the containers concerned"),
  points: v.optional(v.number()),
  hint: v.optional(v.string()),
  tags: v.array(v.string()),
});

const problem = v.strictObject({
  code: v.string(),
  severity: v.picklist(["error", "warning"]),
  message: v.string(),
  location,
  hint: v.optional(v.string()),
});

const containerLog = v.strictObject({
  container: text("POD/CONTAINER"),
  text: text("Both streams, as far as kept"),
  truncated: flag("Whether the beginning was dropped"),
});

const lab = v.strictObject({
  name: v.string(),
  title: text("In the language of the run"),
  file: text("The path as given"),
  status: described(status, "The worst of its observations and of what happened to the lab as a whole"),
  startedAt: text("RFC 3339"),
  durationMs: milliseconds("How long it took"),
  repetition: v.optional(count("With --repeat: which run, from 1")),
  reason: v.optional(text("Why the whole lab was skipped or could not run")),
  interrupted: flag("Whether the user stopped it"),
  observations: v.array(observation),
  errors: described(v.array(error), "Failures that are no observation's"),
  problems: described(v.array(problem), "What is wrong with the file"),
  notices: v.array(v.string()),
  leftovers: described(v.array(v.string()), "What could not be cleaned up"),
  logs: described(v.array(containerLog), "With --logs: what each container wrote"),
});

const flake = v.strictObject({
  lab: v.string(),
  observation: v.string(),
  runs: count("How often it was made"),
  failures: count("How often it did not hold"),
});

/** What `--report json` writes. */
export const jsonReportSchema = v.pipe(
  v.strictObject({
    version: text("podlab's version"),
    labs: v.array(lab),
    summary: described(
      v.strictObject({
        passed: count("Observations that hold"),
        failed: count("Observations that do not hold"),
        skipped: count("Observations that were not made, and labs that were not run"),
        errors: count("Observations that could not be made, and labs that could not be run"),
      }),
      "Counts of observations; what happened to a lab as a whole counts once",
    ),
    flakes: described(v.array(flake), "With --repeat: of each observation, how often it did not hold"),
    durationMs: milliseconds("From the first lab's start to the last one's end"),
    exitCode: described(
      v.picklist([0, 1, 2, 3, 4, 130]),
      "0 all hold; 1 an observation failed; 2 a file is wrong; 3 this host cannot; 4 nothing was checked; 130 interrupted",
    ),
  }),
  v.title("podlab result"),
  v.description("What podlab's JSON report holds"),
);

/** What `--report json` writes. */
export type JsonReport = v.InferOutput<typeof jsonReportSchema>;

/** Where data is not of the report's shape: `path: message` of each; empty where it is. */
export function jsonReportIssues(data: unknown): readonly string[] {
  const { issues = [] } = v.safeParse(jsonReportSchema, data);
  return issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

/** The JSON Schema (draft 2020-12) of the report, as it is committed in `labs/result.schema.json`. */
export function resultSchemaText(): string {
  const { $schema, ...schema } = toJsonSchema(jsonReportSchema, { target: "draft-2020-12" });
  // First, where a person looks for it.
  return `${JSON.stringify({ $schema, ...schema }, undefined, 2)}\n`;
}
