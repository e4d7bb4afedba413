import assert from "node:assert/strict";
import fc from "fast-check";
import { excerpt, formatProblem, formatProblems } from "./excerpt.ts";
import { Lines } from "./lines.ts";
import type { Problem } from "./problem.ts";
import { textWidth } from "./width.ts";

/** A problem at the first place where a text holds a part. */
function problemAt(text: string, part: string): Problem {
  const start = text.indexOf(part);
  const span = new Lines({ name: "lab.yaml", text }).span(start, start + part.length);
  return {
    code: "unknown_key",
    message: `Unknown key "${part}"`,
    span,
    severity: "error",
    hint: 'Did you mean "image"?',
  };
}

function shown(text: string, part: string): readonly string[] {
  return excerpt(text, problemAt(text, part).span);
}

Deno.test("formatProblem() shows place, code, sentence, line, caret and hint", () => {
  const text = "spec:\n  containers:\n    - name: a\n      imaeg: host\n";
  assert.equal(
    formatProblem(problemAt(text, "imaeg"), text, { color: false }),
    `lab.yaml:4:7 unknown_key: Unknown key "imaeg"
   4 |       imaeg: host
     |       ^^^^^
     = Did you mean "image"?`,
  );
});

Deno.test("formatProblem() says when it is only a warning", () => {
  const problem: Problem = { ...problemAt("a: b", "a"), severity: "warning", code: "cluster_only" };
  assert.ok(formatProblem(problem, undefined, { color: false }).startsWith("lab.yaml:1:1 warning cluster_only: "));
});

Deno.test("formatProblem() colours only where it is asked to", () => {
  const text = "a: b";
  // deno-fmt-ignore
  const escape = "\x1b[";
  assert.ok(!formatProblem(problemAt(text, "a"), text, { color: false }).includes(escape));
  assert.ok(formatProblem(problemAt(text, "a"), text, { color: true }).includes(escape));
});

Deno.test("excerpt() puts the caret under the place after tabs and wide characters", () => {
  assert.deepEqual(shown("\tname: x", "x"), ["   1 |   name: x", "     |         ^"]);
  assert.deepEqual(shown("zh: 容器 x", "x"), ["   1 | zh: 容器 x", "     |          ^"]);
  assert.deepEqual(shown("zh: 容器", "容器"), ["   1 | zh: 容器", "     |     ^^^^"]);
});

Deno.test("excerpt() marks the first line of what spans several", () => {
  assert.deepEqual(shown("a:\n  - b\n  - c\n", "b\n  - c"), ["   2 |   - b", "     |     ^"]);
});

Deno.test("excerpt() cuts long lines around the place", () => {
  const text = `key: ${"x".repeat(300)}HERE${"y".repeat(300)}`;
  const [line = "", caret = ""] = shown(text, "HERE");
  assert.ok(textWidth(line) <= 107, line);
  assert.equal(line.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1), "HERE");
});

Deno.test("excerpt() bounds the caret run of a long value", () => {
  const text = `key: ${"x".repeat(5000)}`;
  const [line = "", caret = ""] = shown(text, "x".repeat(5000));
  assert.ok(textWidth(line) <= 107 && caret.length <= 107);
});

Deno.test("excerpt() shows control characters as escapes", () => {
  assert.deepEqual(shown("a: \x1b[31mred", "red"), ["   1 | a: \\x1b[31mred", "     |            ^^^"]);
  assert.deepEqual(shown("a: \u202exyz", "xyz"), ["   1 | a: \\u{202e}xyz", "     |            ^^^"]);
});

Deno.test("excerpt() shows nothing for an empty line", () => {
  assert.deepEqual(excerpt("", new Lines({ name: "x", text: "" }).span(0, 0)), []);
});

Deno.test("excerpt() never throws, and its lines are short and free of control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.nat(400), fc.nat(50), (text, start, length) => {
      const from = Math.min(start, text.length);
      const span = new Lines({ name: "x", text }).span(from, Math.min(text.length, from + length));
      for (const line of excerpt(text, span)) {
        assert.ok(textWidth(line) <= 110, line);
        assert.ok(!/\p{Cc}/u.test(line), line);
      }
    }),
  );
});

Deno.test("formatProblems() sorts by file and place", () => {
  const text = "a: b\nc: d";
  const problems = [problemAt(text, "d"), problemAt(text, "a")];
  const lines = formatProblems(problems, new Map([["lab.yaml", text]]), { color: false }).split("\n");
  assert.deepEqual(lines.filter((line) => line.startsWith("lab.yaml")).map((line) => line.slice(0, 12)), [
    "lab.yaml:1:1",
    "lab.yaml:2:4",
  ]);
});
