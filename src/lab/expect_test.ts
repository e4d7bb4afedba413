import assert from "node:assert/strict";
import { check, expecting, observed } from "./support_test.ts";

/** A matcher without places, as JSON data. */
async function matcher(subject: string, expect: string): Promise<unknown> {
  const { expect: made } = await observed(expecting(subject, expect));
  return JSON.parse(JSON.stringify(made, (key, value) => key === "span" || key === "keySpan" ? undefined : value));
}

const equals = (value: unknown, unit?: string) => ({ kind: "equals", value, ...(unit === undefined ? {} : { unit }) });
const fields = (map: Record<string, unknown>) => ({
  kind: "fields",
  fields: Object.entries(map).map(([key, matcher]) => ({ key, matcher })),
});

const TABLE: readonly (readonly [string, string, unknown])[] = [
  ["process: a", "{ pid: 1, comm: sh }", fields({ pid: equals(1), comm: equals("sh") })],
  ["process: a", "{ pid: null }", fields({ pid: { kind: "absent", absent: true } })],
  ["process: a", "{ pid: { absent: false } }", fields({ pid: { kind: "absent", absent: false } })],
  ["cgroup: a", "{ memory: { max: 64Mi } }", fields({ memory: fields({ max: equals(67108864, "bytes") }) })],
  ["cgroup: a", "{ cpu: { max: 0.5 } }", fields({ cpu: fields({ max: equals(500, "millicpu") }) })],
  [
    "cgroup: a",
    "{ cpu: { usageMs: { gt: 1s, lte: 2s } } }",
    fields({
      cpu: fields({
        usageMs: {
          kind: "all",
          matchers: [
            { kind: "compare", op: "gt", value: 1000, unit: "ms" },
            { kind: "compare", op: "lte", value: 2000, unit: "ms" },
          ],
        },
      }),
    }),
  ],
  [
    "cgroup: a",
    "{ memory: { max: { between: [1Mi, 2Mi] } } }",
    fields({ memory: fields({ max: { kind: "between", low: 1048576, high: 2097152, unit: "bytes" } }) }),
  ],
  [
    "cgroup: a",
    "{ cpu: { max: { approx: 100m } } }",
    fields({ cpu: fields({ max: { kind: "approx", value: 100, tolerance: 0.1, unit: "millicpu" } }) }),
  ],
  [
    "cgroup: a",
    "{ cpu: { max: { approx: { value: 100m, tolerance: 25% } } } }",
    fields({ cpu: fields({ max: { kind: "approx", value: 100, tolerance: 0.25, unit: "millicpu" } }) }),
  ],
  [
    "cgroup: a",
    "{ memory: { max: { oneOf: [64Mi, 1Gi] } } }",
    fields({
      memory: fields({ max: { kind: "oneOf", values: [equals(67108864, "bytes"), equals(1073741824, "bytes")] } }),
    }),
  ],
  [
    "cgroup: a",
    "{ memory: { max: { not: { equals: 64Mi } } } }",
    fields({ memory: fields({ max: { kind: "not", matcher: equals(67108864, "bytes") } }) }),
  ],
  ["file: { in: a, path: /x }", '{ mode: "0644" }', fields({ mode: equals("0644", "octal") })],
  ["file: { in: a, path: /x }", "{ mode: 0644 }", fields({ mode: equals("0644", "octal") })],
  ["file: { in: a, path: /x }", "{ mode: 420 }", fields({ mode: equals("0644", "octal") })],
  [
    "namespaces: [a, b, host]",
    "{ shared: [net, ipc] }",
    fields({ shared: { kind: "includes", values: ["net", "ipc"] } }),
  ],
  [
    "namespaces: [a, b]",
    "{ shared: { equals: [net] } }",
    fields({
      shared: {
        kind: "all",
        matchers: [{ kind: "includes", values: ["net"] }, { kind: "length", matcher: equals(1) }],
      },
    }),
  ],
  ["namespaces: [a, b]", "{ shared: { equals: [] } }", fields({ shared: { kind: "length", matcher: equals(0) } })],
  [
    "process: a",
    "{ args: [sleep, { contains: inf }] }",
    fields({
      args: { kind: "items", items: [equals("sleep"), { kind: "contains", matcher: equals("inf") }] },
    }),
  ],
  ["processes: a", "{ length: { gte: 1 } }", { kind: "length", matcher: { kind: "compare", op: "gte", value: 1 } }],
  ["processes: a", "{ each: { uid: 0 } }", { kind: "each", matcher: fields({ uid: equals(0) }) }],
  ["processes: a", "{ some: { rssBytes: { gt: 1Ki } } }", {
    kind: "some",
    matcher: fields({ rssBytes: { kind: "compare", op: "gt", value: 1024, unit: "bytes" } }),
  }],
  ["processes: a", "[]", { kind: "items", items: [] }],
  [
    "pod: web",
    "{ containers: { b: { state: running } } }",
    fields({
      containers: fields({ b: fields({ state: equals("running") }) }),
    }),
  ],
  [
    "pod: web",
    "{ containers: { each: { ready: true } } }",
    fields({
      containers: { kind: "each", matcher: fields({ ready: equals(true) }) },
    }),
  ],
  ["pod: web", "{ containers: { contains: b } }", fields({ containers: { kind: "contains", matcher: equals("b") } })],
  [
    "pod: web",
    "{ containerStatuses: { some: { state: { terminated: { exitCode: { gt: 0 } } } } } }",
    fields({
      containerStatuses: {
        kind: "some",
        matcher: fields({
          state: fields({ terminated: fields({ exitCode: { kind: "compare", op: "gt", value: 0 } }) }),
        }),
      },
    }),
  ],
  [
    "exec: { in: a, command: x }",
    '{ stdout: { matches: "^a+$" } }',
    fields({
      stdout: { kind: "matches", pattern: "^a+$", flags: "u" },
    }),
  ],
  [
    "exec: { in: a, command: x }",
    '{ stdout: { matches: { pattern: "^a$", flags: im } } }',
    fields({
      stdout: { kind: "matches", pattern: "^a$", flags: "imu" },
    }),
  ],
  [
    "exec: { in: a, command: x }",
    "{ stdout: { startsWith: a, endsWith: b } }",
    fields({
      stdout: { kind: "all", matchers: [{ kind: "startsWith", text: "a" }, { kind: "endsWith", text: "b" }] },
    }),
  ],
  ["exec: { in: a, command: x }", "{ exitCode: 0, cel: exitCode == 0 }", {
    kind: "all",
    matchers: [fields({ exitCode: equals(0) }), { kind: "cel", expression: "exitCode == 0" }],
  }],
  ["exec: { in: a, command: x }", "{ none: [{ exitCode: 1 }, { timedOut: true }] }", {
    kind: "none",
    matchers: [fields({ exitCode: equals(1) }), fields({ timedOut: equals(true) })],
  }],
  ["host:", "{ equals: { kernel: x, memory: 1Ki } }", equals({ kernel: "x", memory: 1024 })],
];

Deno.test("readExpect() types what is written by the facts", async (t) => {
  for (const [subject, expect, expected] of TABLE) {
    await t.step(`${subject} ${expect}`, async () => assert.deepEqual(await matcher(subject, expect), expected));
  }
});

Deno.test("readExpect() points each matcher at what was written for it", async () => {
  const { expect } = await observed(expecting("process: a", "{ pid: { gt: 1 } }"));
  assert.ok(expect.kind === "fields");
  const [field] = expect.fields;
  assert.deepEqual([field?.keySpan.column, field?.matcher.span.column], [17, 28]);
});

Deno.test("readExpect() says what is near, or where it is", async () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["cgroup: a", "{ memroy: {} }", 'Did you mean "memory"?'],
    ["cgroup: a", "{ max: 1 }", 'Did you mean "memory: { max: ... }"?'],
    [
      "process: a",
      "{ pid: { greater: 1 } }",
      "Matchers: equals, not, gt, gte, lt, lte, between, approx, oneOf, all, any, none, absent, cel",
    ],
    ["process: a", "{ comm: 5 }", 'Put it in quotes: "5"'],
    ["process: a", '{ pid: "5" }', "Remove the quotes"],
    ["process: a", "{ pid: [1, 2] }", "For one of several values write oneOf: [...]"],
    [
      "mounts: a",
      "{ target: /proc }",
      "Say of which items: each: { target: ... }, some: { target: ... } or length: ...",
    ],
  ];
  for (const [subject, expect, hint] of table) {
    const { problems } = await check(expecting(subject, expect));
    assert.equal(problems[0]?.hint, hint, expect);
  }
});

Deno.test("no fact has the name of a matcher that a map of facts takes", async () => {
  const { FACTS } = await import("./facts.ts");
  const { fits } = await import("./matchers.ts");
  for (const [subject, fact] of Object.entries(FACTS)) {
    if (fact.type !== "object") continue;
    for (const name of Object.keys(fact.fields)) assert.notEqual(fits(name, fact), true, `${subject}.${name}`);
  }
});
