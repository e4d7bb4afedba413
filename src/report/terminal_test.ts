import { assertGolden } from "../../tests/support/golden.ts";
import { sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import { renderTerminal } from "./terminal.ts";

Deno.test("renderTerminal() shows everything of a result", () => {
  const text = renderTerminal(sampleResult, { language: "en", color: false, sources: sampleSources });
  assertGolden("report.terminal.txt", text);
});
