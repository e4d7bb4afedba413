import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLab } from "./parse.ts";
import { spanInScalar } from "./scalar_position.ts";
import { entryOf } from "./tree.ts";

const WORDS = fc.array(fc.stringMatching(/^[a-z(=&'"\\]{1,5}$/u), { minLength: 1, maxLength: 12 });

/** Ways to write words with single spaces between them as YAML. */
const STYLES: readonly (readonly [string, (words: readonly string[]) => string])[] = [
  ["single", (words) => `k: '${words.join(" ").replaceAll("'", "''")}'`],
  ["single, folded", (words) => `k: '${words.join("\n  ").replaceAll("'", "''")}'`],
  ["double", (words) => `k: ${JSON.stringify(words.join(" "))}`],
  ["double, folded", (words) => `k: "${words.map((word) => JSON.stringify(word).slice(1, -1)).join("\n   ")}"`],
  ["double, escapes", (words) => `k: "${words.map(escaped).join("\\t\\n")}"`],
  ["literal", (words) => `a: 1\nk: |-\n  ${words.join("\n  ")}\n`],
  ["folded", (words) => `k: >-\n    ${words.join("\n    ")}\n`],
];

function escaped(word: string): string {
  return Array.from(word, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

Deno.test("spanInScalar() finds each word where it is written", () => {
  fc.assert(fc.property(WORDS, fc.nat(), fc.constantFrom(...STYLES), (words, pick, [, write]) => {
    const text = write(words);
    const node = entryOf(parseLab({ name: "x", text }).documents[0]?.root, "k")?.value;
    assert.ok(node?.kind === "scalar", text);
    const values = String(node.value).split(/\s+/u);
    const index = pick % values.length;
    const start = values.slice(0, index).reduce((sum, word) => String(node.value).indexOf(word, sum) + word.length, 0);
    const word = values[index] ?? "";
    const from = String(node.value).indexOf(word, start);
    const span = spanInScalar(node, from, from + word.length);
    const written = text.slice(span.start, span.end);
    // Read back as it is written, the part is the word again.
    assert.equal(readBack(written, node.style), word, text);
    assert.equal(span.line, text.slice(0, span.start).split("\n").length);
    assert.equal(span.column, span.start - text.lastIndexOf("\n", span.start - 1));
  }));
});

function readBack(written: string, style: string): string {
  if (style === "single") return written.replaceAll("''", "'");
  return style === "double" ? JSON.parse(`"${written}"`) : written;
}
