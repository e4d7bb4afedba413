import assert from "node:assert/strict";
import { sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import { parseReport, REPORTS } from "./reports.ts";

Deno.test("parseReport() reads a format and a path", () => {
  assert.deepEqual(parseReport("terminal"), { format: "terminal" });
  assert.deepEqual(parseReport("junit=out.xml"), { format: "junit", path: "out.xml" });
  assert.deepEqual(parseReport("json=a=b.json"), { format: "json", path: "a=b.json" });
});

Deno.test("parseReport() says what is wrong and what to write instead", () => {
  assert.deepEqual(parseReport("junti"), {
    message: 'Cannot make a report in the format "junti"',
    hint: 'Did you mean "junit"?',
  });
  assert.deepEqual(parseReport("tap="), {
    message: 'Cannot write the report "tap=": the path is empty',
    hint: "Write tap=PATH",
  });
  assert.ok("message" in parseReport("constructor"));
  assert.ok("message" in parseReport(""));
});

Deno.test("REPORTS all end with a line feed", () => {
  for (const render of Object.values(REPORTS)) {
    assert.match(render(sampleResult, { language: "en", color: false, sources: sampleSources }), /[^\n]\n$/);
  }
});
