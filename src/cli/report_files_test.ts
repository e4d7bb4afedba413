import assert from "node:assert/strict";
import { fakeIo } from "../../tests/support/fake_io.ts";
import { Folder } from "../../tests/support/folder.ts";
import { sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import { readReports, writeReports } from "./report_files.ts";

const OPTIONS = { language: "en", color: true, sources: sampleSources } as const;

Deno.test("readReports() adds the terminal's report to those that go to files", () => {
  using folder = new Folder();
  const json = { format: "json", path: folder.at("out.json") } as const;
  assert.deepEqual(readReports([]), [{ format: "terminal" }]);
  assert.deepEqual(readReports([`json=${json.path}`]), [{ format: "terminal" }, json]);
  assert.deepEqual(readReports(["tap", `json=${json.path}`]), [{ format: "tap" }, json]);
});

Deno.test("readReports() refuses what could not be written after the run", () => {
  using folder = new Folder({ "there/x": "" });
  const message = (pattern: RegExp) => ({ name: "UsageError", message: pattern });
  assert.throws(() => readReports(["jsno"]), message(/format "jsno"/));
  assert.throws(() => readReports(["json", "tap"]), message(/json and tap to standard output/));
  assert.throws(() => readReports([`json=${folder.at("gone/x")}`]), message(/is no directory$/));
  assert.throws(() => readReports([`json=${folder.at("there")}`]), message(/it is a directory$/));
  assert.throws(() => readReports([`json=${folder.at("y")}`, `tap=${folder.at("y")}`]), message(/another one/));
});

Deno.test("writeReports() writes each report to its place, colours only to standard output", () => {
  using folder = new Folder();
  const io = fakeIo();
  writeReports(io, readReports([`terminal=${folder.at("a.txt")}`, `tap=${folder.at("b.tap")}`]), sampleResult, OPTIONS);
  assert.ok(io.written.out.includes("\x1b[32m✔"));
  assert.match(Deno.readTextFileSync(folder.at("a.txt")), /^! 13-pod/);
  assert.ok(!Deno.readTextFileSync(folder.at("a.txt")).includes("\x1b"));
  assert.match(Deno.readTextFileSync(folder.at("b.tap")), /^TAP version 14\n/);
});

Deno.test("writeReports() writes the other reports where one cannot be written, then says which", () => {
  using folder = new Folder({ "gone/x": "" });
  const io = fakeIo();
  const reports = readReports([`json=${folder.at("gone/out.json")}`]);
  Deno.removeSync(folder.at("gone"), { recursive: true });
  assert.throws(() => writeReports(io, reports, sampleResult, OPTIONS), { name: "UsageError", exitCode: 3 });
  assert.notEqual(io.written.out, "");
});
