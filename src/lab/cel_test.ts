import assert from "node:assert/strict";
import { celHolds, compileCel, evaluateCel, loadCel } from "./cel.ts";
import type { Json } from "./matcher.ts";
import { check, expecting, HEAD } from "./support_test.ts";

await loadCel();

Deno.test("celHolds() evaluates over the facts", () => {
  const facts: Json = { pid: 1, hostPid: 4711, args: ["sleep", "60"], rate: 1.5, self: 1, "a-b": true, none: null };
  const table: readonly (readonly [string, boolean])[] = [
    ["pid == 1 && hostPid > 1", true],
    ["pid + 1 == 2", true],
    ["self.pid == pid", true],
    ["size(args) == 2 && args[0] == 'sleep'", true],
    ["args.exists(arg, arg.startsWith('s'))", true],
    ["rate < 2.0 && rate * 2.0 == 3.0", true],
    ["has(self.signal)", false],
    ["self['a-b']", true],
    ["none == null", true],
    ["pid > 1", false],
  ];
  for (const [expression, value] of table) assert.deepEqual(celHolds(expression, facts), { value }, expression);
});

Deno.test("celHolds() takes values that are no maps", () => {
  assert.deepEqual(celHolds("self > 5", 6), { value: true });
  assert.deepEqual(celHolds("self.all(x, x > 1)", [2, 3]), { value: true });
  assert.deepEqual(celHolds("self == 'x'", "x"), { value: true });
});

Deno.test("celHolds() says in one sentence why it cannot be said", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["signal == 9", /"signal" is absent/u],
    ["self.signal == 9", /"signal" is absent/u],
    ["pid + 'x' == 'y'", /^Cannot evaluate the expression: no such overload/u],
    ["constructor == 1", /"constructor" is absent/u],
    ["pid", /is not true or false$/u],
    ["1 +", /Unexpected token/u],
  ];
  for (const [expression, message] of table) {
    const outcome = celHolds(expression, { pid: 1 });
    assert.ok("error" in outcome, expression);
    assert.match(outcome.error, message);
    assert.ok(!outcome.error.includes("\n"), expression);
  }
});

Deno.test("compileCel() says what is wrong and where", () => {
  const table: readonly (readonly [string, string, number, number])[] = [
    ["pid ==", "syntax", 6, 6],
    ["pid == 1 && pif > 1", "unknown", 12, 15],
    ["pid + 1", "type", 0, 7],
    ["nothing(pid)", "type", 0, 12],
    ["", "syntax", 0, 0],
  ];
  for (const [expression, reason, offset, end] of table) {
    const compiled = compileCel(expression, ["pid"]);
    assert.ok(!compiled.ok, expression);
    assert.deepEqual([compiled.reason, compiled.offset, compiled.end], [reason, offset, end], expression);
  }
});

Deno.test("compileCel() makes something that evaluateCel() evaluates", () => {
  const compiled = compileCel("pid == 1", ["pid", "type", "map"]);
  assert.ok(compiled.ok);
  assert.deepEqual(evaluateCel(compiled, { pid: 1 }), { value: true });
  assert.equal(compileCel("pid == 1", ["pid", "type", "map"]), compiled);
});

Deno.test("a mistake in CEL is shown where it is in the file, however the expression is written", async () => {
  const written: readonly (readonly [string, string])[] = [
    ["cel: pid == 1 && hostPdi > 1", "17:26"],
    ['cel: "pid == 1 && hostPdi > 1"', "17:27"],
    ["cel: 'comm == ''sh'' && hostPdi > 1'", "17:33"],
    ['cel: "comm == \\"sh\\" && hostPdi > 1"', "17:33"],
    ["cel: |\n          pid == 1 &&\n            hostPdi > 1", "19:13"],
    ["cel: >-\n\n          pid == 1 &&\n          hostPdi > 1", "20:11"],
    ["cel: pid == 1 &&\n          hostPdi > 1", "18:11"],
    ['cel: "pid == 1 &&\\n\\t  hostPdi > 1"', "17:32"],
  ];
  for (const [cel, place] of written) {
    const { problems } = await check(expecting("process: a", `\n        ${cel}`));
    const [problem] = problems;
    assert.equal(`${problem?.span.line}:${problem?.span.column} ${problem?.code}`, `${place} unknown_fact`, cel);
    assert.equal((problem?.span.end ?? 0) - (problem?.span.start ?? 0), "hostPdi".length, cel);
    assert.equal(problem?.hint, 'Did you mean "hostPid"?');
  }
});

Deno.test("a fact with the name of a type of CEL is self.NAME", async () => {
  const file = "file: { in: a, path: /x }";
  assert.deepEqual((await check(expecting(file, "{ cel: self.type == 'file' && size > 0 }"))).problems, []);
  const { problems } = await check(expecting(file, "{ cel: type == 'file' }"));
  assert.match(problems[0]?.hint ?? "", /self\.type/u);
});

Deno.test("checkLab() loads CEL only where a lab uses it", async () => {
  const code = `
    import { parseLab } from "${new URL("./parse.ts", import.meta.url)}";
    import { checkLab } from "${new URL("./check.ts", import.meta.url)}";
    import { celHolds } from "${new URL("./cel.ts", import.meta.url)}";
    const text = ${JSON.stringify(`${HEAD}    - { name: x, host: true, expect: { cpus: 1 } }\n`)};
    await checkLab(parseLab({ name: "x", text }));
    try { celHolds("true", 1); console.log("loaded"); } catch { console.log("not loaded"); }
  `;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const command = new Deno.Command(Deno.execPath(), { args: ["eval", `--config=${config}`, code], stdout: "piped" });
  assert.equal(new TextDecoder().decode((await command.output()).stdout), "not loaded\n");
});
