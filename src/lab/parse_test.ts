import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLab } from "./parse.ts";
import { brief } from "./support_test.ts";
import { jsonOf, nodeAt } from "./tree.ts";
import type { Path, Tree } from "./tree.ts";

function parse(text: string): Tree {
  return parseLab({ name: "lab.yaml", text });
}

/** Problems as `line:column code`. */
function problems(text: string): readonly string[] {
  return parse(text).problems.map(brief);
}

function place(text: string, path: Path): string {
  const root = parse(text).documents[0]?.root;
  assert.ok(root);
  const node = nodeAt(root, path);
  assert.ok(node);
  return `${node.span.line}:${node.span.column} ${text.slice(node.span.start, node.span.end)}`;
}

Deno.test("parseLab() reads several documents and skips empty ones", () => {
  const { documents } = parse("# a comment\n---\na: 1\n---\n# nothing\n---\nb: [x, null, true, 1.5]\n");
  const values = documents.map(({ root }) => JSON.parse(JSON.stringify(jsonOf(root))));
  assert.deepEqual(values, [{ a: 1 }, { b: ["x", null, true, 1.5] }]);
});

Deno.test("parseLab() knows the place of each value and each key", () => {
  const text = 'a:\n  b: [1, "two"]\n  c: |\n    three\n  d:\n';
  assert.equal(place(text, ["a", "b", 1]), '2:10 "two"');
  assert.equal(place(text, ["a", "c"]), "3:6 |\n    three\n");
  const root = parse(text).documents[0]?.root;
  const map = root && nodeAt(root, ["a"]);
  assert.ok(map?.kind === "map");
  assert.deepEqual([...map.entries.values()].map(({ keySpan }) => `${keySpan.line}:${keySpan.column}`), [
    "2:3",
    "3:3",
    "5:3",
  ]);
});

Deno.test("parseLab() places a value that is not written at its key", () => {
  assert.equal(place("a:\n  d:\n", ["a", "d"]), "2:3 d");
});

Deno.test("parseLab() counts lines as YAML does", () => {
  assert.equal(place("a: 1\r\nb: 2\n\r\nd: 4", ["d"]), "4:4 4");
});

Deno.test("parseLab() reads YAML 1.2: yes is a text, 0644 a number in decimal, keys are texts", () => {
  const { documents } = parse("a: yes\nb: 0644\nc: 0o644\n1: x\nnull: y\n<<: z\n");
  const root = documents[0]?.root;
  assert.ok(root);
  assert.deepEqual({ ...Object(jsonOf(root)) }, { a: "yes", b: 644, c: 420, 1: "x", null: "y", "<<": "z" });
});

Deno.test("parseLab() lets a key be just a key", () => {
  const root = parse("__proto__: 1\nconstructor: 2\ntoString: 3").documents[0]?.root;
  assert.ok(root);
  assert.deepEqual(Object.entries(Object(jsonOf(root))), [["__proto__", 1], ["constructor", 2], ["toString", 3]]);
});

Deno.test("parseLab() follows aliases", () => {
  const root = parse("a: &x { b: 1 }\nc: *x\nd: [*x]").documents[0]?.root;
  assert.ok(root);
  assert.equal(nodeAt(root, ["c", "b"]), nodeAt(root, ["a", "b"]));
  assert.equal(nodeAt(root, ["d", 0]), nodeAt(root, ["a"]));
});

const BOMB = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `${`*a${i - 1},`.repeat(9)}`}]`)
  .join("\n");

Deno.test("parseLab() reports each mistake of YAML where it is", () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ["a tab", "a:\n\tb: 1\n", ["2:1 yaml_syntax"]],
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", ["3:1 duplicate_key"]],
    ["two duplicate keys", "a: {b: 1, b: 2}\na: 3\n", ["1:11 duplicate_key", "2:1 duplicate_key"]],
    ["an open quote", 'a: "b\nc: d\n', ["1:4 yaml_syntax"]],
    ["an open bracket", "a: [b\n", ["2:1 yaml_syntax"]],
    ["an unknown alias", "a: *b\n", ["1:4 yaml_syntax"]],
    ["an alias of what it is in", "a: &a [*a]\n", ["1:8 alias_bomb"]],
    ["a bomb", BOMB, ["6:18 alias_bomb"]],
    ["a tag", "a: !!binary aGk=\n", ["1:4 yaml_syntax"]],
    ["a key that is a list", "? [a]\n: b\n", ["1:3 yaml_syntax"]],
    ["not a number", "a: .nan\nb: -.inf\n", ["1:4 bad_value", "2:4 bad_value"]],
    ["a NUL character", "a: b\0c\n", ["1:5 file_unreadable"]],
    ["a control character", "a: b\n\x1b[31m", ["2:1 yaml_syntax"]],
    ["two mistakes", "a: *b\nc: !x d\n", ["1:4 yaml_syntax", "2:4 yaml_syntax"]],
  ];
  for (const [name, text, expected] of table) assert.deepEqual(problems(text), expected, name);
});

Deno.test("parseLab() says where a bracket opens", () => {
  const [problem] = parse("a: {b: c\nd: e\n").problems;
  assert.deepEqual([problem?.span.line, problem?.hint], [2, "It opens in line 1"]);
});

Deno.test("parseLab() says what an alias might have meant", () => {
  assert.equal(parse("a: &shared 1\nb: *shraed\n").problems[0]?.hint, 'Did you mean "shared"?');
});

Deno.test("parseLab() refuses what is too large or too deep, at once", () => {
  const large = 1 << 20;
  for (const text of ["x".repeat(large + 1), "[".repeat(large), "- ".repeat(large / 2), "{a: ".repeat(large / 4)]) {
    assert.deepEqual(parse(text).problems.map(({ code }) => code), ["too_large"], text.slice(0, 4));
  }
});

Deno.test("parseLab() limits how many problems it tells", () => {
  const found = parse("]".repeat(5000)).problems;
  assert.ok(found.length <= 101, String(found.length));
  const duplicates = parse("a: 1\n".repeat(500)).problems;
  assert.equal(duplicates.at(-1)?.message, "… and 399 more");
});

Deno.test("parseLab() never throws, whatever the text", () => {
  const pieces = fc.constantFrom(
    ..."-:?[]{},&*!|>'\"%@` \n\t#a1~.<".split(""),
    "\n  ",
    "- ",
    ": ",
    "&a ",
    "*a",
    "---\n",
    "!!",
    "é容",
  );
  const soup = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: "binary" })), (text) => {
      const tree = parse(text);
      for (const { root } of tree.documents) jsonOf(root);
      for (const { span } of tree.problems) assert.ok(span.line >= 1 && span.column >= 1 && span.end >= span.start);
    }),
    { numRuns: 500 },
  );
});
