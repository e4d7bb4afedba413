import assert from "node:assert/strict";
import { closingText, countTests, sum } from "./test_counts.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="1" errors="0" time="0.011">
    <testsuite name="./a_test.ts" tests="6" disabled="2" errors="0" failures="1">
        <testcase name="one (skipped: &quot;x&quot; is &lt; missing)" classname="./a_test.ts" time="0.000" line="1" col="6">
            <skipped/>
        </testcase>
        <testcase name="two" classname="./a_test.ts" time="0.001" line="2" col="6">
        </testcase>
        <testcase name="three" classname="./a_test.ts" time="0.002" line="3" col="6">
            <failure message="Uncaught Error: &lt;skipped/>">Error: boo</failure>
        </testcase>
        <testcase name="two &gt; step (skipped: &quot;x&quot; is &lt; missing)" classname="./a_test.ts" time="0.000">
            <skipped/>
        </testcase>
        <testcase name="four" classname="./a_test.ts" time="0.000"/>
        <testcase name="five" classname="./a_test.ts" time="0.000">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("countTests() counts what passed, failed and was skipped, with the reasons", () => {
  const { reasons, ...counts } = countTests(REPORT);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 3 });
  assert.deepEqual([...reasons], [['"x" is < missing', 2], ["no reason given: five", 1]]);
});

Deno.test("closingText() says the reasons, and the counts alone on the last line", () => {
  const lines = closingText(sum(countTests(REPORT), countTests(REPORT))).split("\n");
  assert.deepEqual(lines, [
    'skipped 4: "x" is < missing',
    "skipped 2: no reason given: five",
    "4 passed, 2 failed, 6 skipped",
    "",
  ]);
});
