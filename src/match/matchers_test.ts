import assert from "node:assert/strict";
import fc from "fast-check";
import { loadCel } from "../lab/cel.ts";
import type { Json, Matcher, Unit } from "../lab/matcher.ts";
import type { Span } from "../lab/span.ts";
import { describeMatcher } from "./describe.ts";
import { differences } from "./matchers.ts";

await loadCel();

const span: Span = { file: "a.yaml", line: 3, column: 7, start: 20, end: 24 };

const equals = (value: Json, unit?: Unit): Matcher => ({ kind: "equals", value, span, ...(unit ? { unit } : {}) });
const not = (matcher: Matcher): Matcher => ({ kind: "not", matcher, span });
const contains = (matcher: Matcher): Matcher => ({ kind: "contains", matcher, span });
const includes = (...values: Json[]): Matcher => ({ kind: "includes", values, span });
const items = (...list: Matcher[]): Matcher => ({ kind: "items", items: list, span });
const absent = (isAbsent: boolean): Matcher => ({ kind: "absent", absent: isAbsent, span });
const length = (matcher: Matcher): Matcher => ({ kind: "length", matcher, span });
const cel = (expression: string): Matcher => ({ kind: "cel", expression, span });
const matches = (pattern: string, flags = ""): Matcher => ({ kind: "matches", pattern, flags, span });
const compare = (op: "gt" | "gte" | "lt" | "lte", value: number | string, unit?: Unit): Matcher => ({
  kind: "compare",
  op,
  value,
  span,
  ...(unit ? { unit } : {}),
});
const combine = (kind: "all" | "any" | "none", ...matchers: Matcher[]): Matcher => ({ kind, matchers, span });
const oneOf = (...values: Json[]): Matcher => ({ kind: "oneOf", values: values.map((value) => equals(value)), span });
const eachOrSome = (kind: "each" | "some", matcher: Matcher): Matcher => ({ kind, matcher, span });
const fields = (map: Record<string, Matcher>): Matcher => ({
  kind: "fields",
  fields: Object.entries(map).map(([key, matcher]) => ({ key, keySpan: span, matcher })),
  span,
});

function holds(matcher: Matcher, facts: Json | undefined): boolean {
  return differences(matcher, facts).length === 0;
}

/** `path: expected / actual` of each difference. */
function told(matcher: Matcher, facts: Json | undefined): string[] {
  return differences(matcher, facts).map(({ path, expected, actual }) => `${path}: ${expected} / ${actual}`);
}

/** For each matcher what it holds for, and what it does not. */
const RULES: readonly [string, Matcher, readonly (Json | undefined)[], readonly (Json | undefined)[]][] = [
  ["equals", equals(1), [1], ["1", 2, null, undefined, [1], { a: 1 }]],
  ["equals of null", equals(null), [null], [undefined, 0, "", []]],
  ["equals of a map", equals({ a: [1, { b: 2 }] }), [{ a: [1, { b: 2 }] }], [{ a: [1] }, { a: [1, { b: 2 }], c: 1 }]],
  ["equals of a mode", equals("0644", "octal"), ["0644", "644", 0o644], ["0640", 644]],
  ["fields", fields({ a: equals(1) }), [{ a: 1 }, { a: 1, b: 2 }], [{ a: 2 }, {}, [], "a", undefined]],
  ["fields with an absent one", fields({ a: absent(true) }), [{}, { b: 1 }], [{ a: 1 }, undefined, "text"]],
  ["items", items(equals(1), absent(true)), [], [[1], [1, 2], [], {}, undefined]],
  ["items of nothing", items(), [[]], [[1], undefined]],
  ["includes", includes("net", "ipc"), [["ipc", "net"], ["a", "ipc", "net"]], [["net"], [], "net ipc", undefined]],
  ["includes of maps", includes({ a: 1, b: 2 }), [[{ b: 2, a: 1 }]], [[{ a: 1 }], [{ a: 1, b: 2, c: 3 }]]],
  ["includes of a number", includes(80), [[443, 80]], [["80"]]],
  ["not", not(equals(1)), [2, "1", undefined], [1]],
  ["not not", not(not(equals(1))), [1], [2, undefined]],
  ["not absent", not(absent(true)), [1, null], [undefined]],
  ["contains in a text", contains(equals("lo w")), ["hello world"], ["hello", 5, undefined]],
  ["contains of a number in a text", contains(equals(8080)), ["port 8080"], ["port 80"]],
  ["contains in a list", contains(compare("gt", 5)), [[1, 6]], [[1, 5], [], undefined]],
  ["contains in a map", contains(equals("host")), [{ host: "x" }], [{ other: "host" }, {}]],
  ["matches", matches("^h.llo$", "m"), ["x\nhello"], ["hell", 5, undefined]],
  ["matches with Unicode's rules", matches("^.$"), ["😀"], ["ab"]],
  ["matches with v", matches("^[[a-z]--[b]]$", "v"), ["a"], ["b"]],
  ["startsWith", { kind: "startsWith", text: "he", span }, ["hello"], ["oh he", 1, undefined]],
  ["endsWith", { kind: "endsWith", text: "lo", span }, ["hello"], ["low", undefined]],
  ["gt", compare("gt", 1), [1.5], [1, 0, "2", undefined]],
  ["gte", compare("gte", 1), [1, 2], [0.5]],
  ["lt", compare("lt", 1), [0], [1, undefined, null]],
  ["lte", compare("lte", 1), [1], [2]],
  ["gte of a version", compare("gte", "6.9"), ["6.9", "6.18.5-amd64"], ["6.8", "5.10", 7]],
  ["between", { kind: "between", low: 1, high: 2, span }, [1, 1.5, 2], [0.9, 2.1, "1", undefined]],
  ["approx", { kind: "approx", value: 100, tolerance: 0.1, span }, [90, 110], [89, 111, "100", undefined]],
  ["approx below zero", { kind: "approx", value: -100, tolerance: 0.1, span }, [-90, -110], [-89, 100]],
  ["oneOf", oneOf("a", "b"), ["a", "b"], ["c", undefined]],
  ["oneOf of nothing", oneOf(), [], ["a", undefined]],
  ["all", combine("all", compare("gt", 1), compare("lt", 3)), [2], [1, 3, undefined]],
  ["any", combine("any", equals(1), absent(true)), [1, undefined], [2]],
  ["none", combine("none", equals(1), equals(2)), [3, undefined], [1, 2]],
  ["each", eachOrSome("each", compare("gt", 0)), [[1, 2], { a: 1 }], [[1, 0], [], {}, 5, undefined]],
  ["some", eachOrSome("some", compare("gt", 0)), [[0, 1], { a: 1 }], [[0], [], undefined]],
  ["length", length(equals(2)), ["é😀", [1, 2], { a: 1, b: 2 }], ["abc", [], 2, undefined]],
  ["absent", absent(true), [undefined], [null, 0, ""]],
  ["present", absent(false), [null, 0], [undefined]],
  ["cel", cel("self == 5"), [5], [6, undefined]],
];

for (const [name, matcher, good, bad] of RULES) {
  Deno.test(`differences() holds exactly where ${name} does`, () => {
    for (const facts of good) assert.ok(holds(matcher, facts), `should hold for ${JSON.stringify(facts)}`);
    for (const facts of bad) assert.ok(!holds(matcher, facts), `should not hold for ${JSON.stringify(facts)}`);
  });
}

Deno.test("differences() finds none between a value and itself", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const json = JSON.parse(JSON.stringify(value)) as Json;
    assert.deepEqual(differences(equals(json), json), []);
  }));
});

Deno.test("differences() finds some between values that differ", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    const [x, y] = [JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json];
    fc.pre(canonical(x) !== canonical(y));
    assert.notEqual(differences(equals(x), y).length, 0);
  }));
});

/** Key order aside, equal texts for equal values. */
function canonical(value: Json): string {
  return JSON.stringify(
    value,
    (_, field: Json) =>
      field !== null && typeof field === "object" && !Array.isArray(field)
        ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [`_${k}`, v]))
        : field,
  );
}

Deno.test("differences() tells only the fields that differ, with their path and place", () => {
  const matcher = fields({
    memory: fields({ max: equals(64 << 20, "bytes"), current: compare("gt", 0) }),
    cpu: fields({ max: equals(500, "millicpu") }),
    containers: fields({ b: fields({ state: equals("running") }) }),
    "content-type": equals("text/html"),
    "a.b": equals(1),
  });
  const facts: Json = {
    memory: { max: 32 << 20, current: 5 },
    cpu: { max: 500 },
    containers: { b: { state: "terminated" } },
    "content-type": "text/plain",
    "a.b": 2,
  };
  assert.deepEqual(told(matcher, facts), [
    "memory.max: 64Mi / 32Mi",
    'containers.b.state: "running" / "terminated"',
    'content-type: "text/html" / "text/plain"',
    '["a.b"]: 1 / 2',
  ]);
  assert.deepEqual(differences(matcher, facts)[0]?.span, span);
});

Deno.test("differences() tells a missing fact as absent, as high up as it is missing", () => {
  const matcher = fields({
    memory: fields({ max: equals(1, "bytes") }),
    cpu: fields({ max: equals(500, "millicpu") }),
  });
  assert.deepEqual(told(matcher, { cpu: {} }), ["memory: { max: 1 } / absent", "cpu.max: 500m / absent"]);
});

Deno.test("differences() tells missing and surplus items one by one", () => {
  assert.deepEqual(told(items(equals("a"), equals("b")), ["a"]), ['[1]: "b" / absent']);
  assert.deepEqual(told(items(equals("a")), ["x", "b"]), ['[0]: "a" / "x"', '[1]: absent / "b"']);
});

Deno.test("differences() tells only what a set lacks and only what should not hold", () => {
  assert.deepEqual(told(includes("net", "pid"), ["net", "ipc"]), [': { contains: "pid" } / ["net", "ipc"]']);
  assert.deepEqual(told(combine("none", equals(1), compare("gt", 0)), 5), [": { none: [{ gt: 0 }] } / 5"]);
});

Deno.test("differences() shows values in the unit of the matcher", () => {
  assert.deepEqual(told(compare("lt", 2000, "ms"), 2500), [": { lt: 2s } / 2.5s"]);
  assert.deepEqual(told(not(equals(1 << 20, "bytes")), 1 << 20), [": { not: 1Mi } / 1Mi"]);
  assert.deepEqual(told({ kind: "between", low: 1024, high: 2048, unit: "bytes", span }, 0), [
    ": { between: [1Ki, 2Ki] } / 0",
  ]);
  assert.deepEqual(told({ kind: "approx", value: 500, tolerance: 0.1, unit: "millicpu", span }, 1000), [
    ": { approx: 500m ± 10% } / 1",
  ]);
  assert.deepEqual(told(equals("0644", "octal"), "0600"), [": 0644 / 0600"]);
});

Deno.test("differences() tells the items that differ of each, and few of many", () => {
  const positive = eachOrSome("each", compare("gt", 0));
  assert.deepEqual(told(positive, [1, -1, 2]), ["[1]: { gt: 0 } / -1"]);
  const many = told(positive, new Array<number>(500).fill(-1));
  assert.equal(many.length, 21);
  assert.equal(many.at(-1), "[…]: { each: { gt: 0 } } / … +480");
});

Deno.test("differences() bounds and escapes what comes from a container", () => {
  const [difference] = differences(equals("x"), `\x1b]0;title\x07${"y".repeat(100_000)}`);
  assert.ok(difference && difference.actual.length <= 200);
  assert.ok(difference.actual.startsWith('"\\u001b]0;title'));
});

Deno.test("differences() of texts of several lines has a line diff, of one line the place", () => {
  assert.equal(differences(equals("a\nb\n"), "a\nc\n")[0]?.diff, "@@ -1 +1 @@\n  a\n- b\n+ c");
  assert.match(
    differences(equals("hello a\n"), "hello b\n")[0]?.diff ?? "",
    /^- "hello a\\n"\n\+ "hello b\\n"\n {9}\^$/,
  );
  assert.equal(differences(equals("running"), "terminated")[0]?.diff, undefined);
});

Deno.test("differences() never reads an inherited field", () => {
  assert.deepEqual(told(fields({ toString: absent(true), constructor: absent(true) }), {}), []);
  const planted = JSON.parse('{"__proto__": {"exitCode": 0}}') as Json;
  assert.deepEqual(told(fields({ exitCode: equals(0) }), planted), ["exitCode: 0 / absent"]);
});

Deno.test("differences() says why a CEL expression cannot be evaluated", () => {
  const [difference] = differences(cel("self.nothing.more > 1"), { a: 1 });
  assert.equal(difference?.expected, '{ cel: "self.nothing.more > 1" }');
  assert.match(difference?.actual ?? "", /^Cannot evaluate the expression: "?nothing"? is absent/);
});

Deno.test("describeMatcher() writes each matcher as a lab does", () => {
  const cases: readonly [Matcher, string][] = [
    [equals({ a: 1, "b c": ["x", null] }), '{ a: 1, "b c": ["x", null] }'],
    [fields({ state: equals("running"), pid: compare("gt", 1) }), '{ state: "running", pid: { gt: 1 } }'],
    [items(equals(1), not(equals(2))), "[1, { not: 2 }]"],
    [contains(equals("x")), '{ contains: "x" }'],
    [matches("a+", "i"), "{ matches: /a+/i }"],
    [oneOf(1, 2), "{ oneOf: [1, 2] }"],
    [combine("any", equals(1), absent(true)), "{ any: [1, absent] }"],
    [length(equals(3)), "{ length: 3 }"],
    [absent(false), "{ absent: false }"],
    [cel("self > 1"), '{ cel: "self > 1" }'],
    [equals({}), "{}"],
  ];
  for (const [matcher, text] of cases) assert.equal(describeMatcher(matcher), text);
});
