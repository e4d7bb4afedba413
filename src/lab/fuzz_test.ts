import assert from "node:assert/strict";
import fc from "fast-check";
import { checkLab } from "./check.ts";
import type { Checked } from "./check.ts";
import { formatProblems } from "./excerpt.ts";
import { FACTS } from "./facts.ts";
import { parseLab } from "./parse.ts";
import { POD_FIELDS } from "./pod_fields.ts";
import { ObservationSchema } from "./schema.ts";
import { expecting, HEAD } from "./support_test.ts";

/** Checks a text whatever it is, and what must hold of every answer. */
async function checked(text: string): Promise<Checked> {
  const tree = parseLab({ name: "lab.yaml", text });
  const result = await checkLab(tree);
  const fatal = result.problems.some(({ severity }) => severity === "error");
  assert.equal(result.lab === undefined, fatal, text);
  assert.ok(result.problems.length <= 101);
  for (const { message, span } of result.problems) {
    assert.ok(
      span.start >= 0 && span.start <= text.length && span.end >= span.start && span.end <= text.length,
      message,
    );
    assert.ok(!message.endsWith("."), message);
  }
  formatProblems(result.problems, new Map([["lab.yaml", text]]), { color: true });
  return result;
}

const KEYS = [
  ...Object.keys(FACTS),
  ...Object.keys(ObservationSchema.entries),
  ...Object.values(POD_FIELDS).flatMap((fields) => Object.keys(fields)),
  ..."equals not contains matches gt between approx oneOf all any none each some length absent cel".split(" "),
  ..."in of from to get command path pid memory max containers __proto__ constructor toString <<".split(" "),
];
const SCALARS = ["web/a", "web/infra", "a", "host", "64Mi", "500m", "2s", "1", "(", "pid ==", "", "$(A)", "/x", "é容"];

/** Data of the words that labs are made of, in places where they may and may not be. */
const soup = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.constantFrom<unknown>(...SCALARS, null, true, false, 0, 1, -1, 1.5, 1e300),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

Deno.test("checkLab() answers for any data in the place of an expectation", async () => {
  const subjects = fc.constantFrom("process: a", "processes: a", "cgroup: [a, b]", "pod: web", "host:", "mounts: b");
  await fc.assert(
    fc.asyncProperty(subjects, soup, async (subject, data) => {
      await checked(expecting(subject, JSON.stringify(data)));
    }),
    { numRuns: 300 },
  );
});

Deno.test("checkLab() answers for any data in the place of an observation, a pod, a spec, a document", async () => {
  const places = fc.constantFrom<(data: string) => string>(
    (data) => `${HEAD}    - ${data}\n`,
    (data) => `${HEAD}    - { name: x, host: , do: ${data}, expect: { cpus: 1 } }\n`,
    (data) =>
      `kind: Lab\napiVersion: podlab/v1\nmetadata: { name: x }\nspec: { pods: [${data}], observations: ${data} }\n`,
    (data) => `kind: Lab\nmetadata: ${data}\nspec: ${data}\n`,
    (data) => `kind: Pod\nmetadata: { name: x }\nspec: ${data}\n---\n${expecting("pod: x", "{ phase: x }")}`,
    (data) => data,
  );
  await fc.assert(
    fc.asyncProperty(places, soup, async (place, data) => {
      await checked(place(JSON.stringify(data)));
    }),
    { numRuns: 300 },
  );
});

Deno.test("checkLab() answers for a lab with pieces missing, doubled or changed", async () => {
  const lab = expecting("exec: { in: a, command: [x], timeout: 1s }", '{ exitCode: 0, stdout: { matches: "a" } }');
  const edit = fc.record({
    at: fc.nat(lab.length),
    cut: fc.nat(8),
    put: fc.constantFrom("", " ", "\n", "- ", "{", "]", ":", "é", "*", "&a ", "\t"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      await checked(edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), lab));
    }),
    { numRuns: 500 },
  );
});

Deno.test("checkLab() answers for any bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await checked(new TextDecoder().decode(bytes));
    }),
    { numRuns: 300 },
  );
});

Deno.test("checkLab() never drops an observation of a lab that it lets pass", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(soup, { minLength: 1, maxLength: 3 }), async (all) => {
      const text = `${HEAD}${all.map((data) => `    - ${JSON.stringify(data)}\n`).join("")}`;
      const { lab } = await checked(text);
      assert.ok(lab === undefined || lab.observations.length === all.length);
    }),
    { numRuns: 100 },
  );
});
