// Goal: every lab of the course holds on this machine, again and again, and leaves nothing behind. Method: each is run
// several times, as `lab run --repeat` does; what is on the machine is counted before and after each run.

import assert from "node:assert/strict";
import { labsBelow, resultOf, told } from "./support/labs.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { run } from "./support/run_lab.ts";

const REPEAT = 5;

for (const { path, lab, skip } of await labsBelow("labs")) {
  Deno.test({
    name: `${path} holds, all ${lab.observations.length} observations, ${REPEAT} times${skip.why}`,
    ignore: skip.ignore,
    async fn() {
      for (let repetition = 1; repetition <= REPEAT; repetition++) {
        const before = snapshot();
        const result = resultOf(await run(lab));
        assert.equal(result.exitCode, 0, `run ${repetition}:\n${told(result)}`);
        assert.equal(result.summary.passed, lab.observations.length, told(result));
        assert.deepEqual(result.labs.flatMap(({ leftovers }) => leftovers), []);
        assertNothingLeft(before);
      }
    },
  });
}

Deno.test("every observation of the course's labs is named in both languages, differently from all others of its lab", async () => {
  for (const { path, lab } of await labsBelow("labs")) {
    assert.notEqual(lab.title.zh, undefined, path);
    const unnamed = lab.observations.filter(({ name }) => (name.zh ?? "") === "").map(({ name }) => name.en);
    assert.deepEqual(unnamed, [], path);
    const chinese = lab.observations.map(({ name }) => name.zh);
    assert.equal(new Set(chinese).size, chinese.length, path);
  }
});
