import assert from "node:assert/strict";
import { Folder } from "../../tests/support/folder.ts";
import { anywhere, labOf } from "../../tests/support/sample_lab.ts";
import { missingPrograms } from "./programs.ts";

function labThatNeeds(...programs: string[]) {
  return { ...labOf(), requires: programs.map((value) => ({ value, span: anywhere })) };
}

Deno.test("missingPrograms() names each program that is in no folder or cannot be executed", () => {
  using folder = new Folder({ "bin/tool": "", "bin/text": "", "sbin/daemon": "", "bin/folder/x": "" });
  for (const name of ["bin/tool", "sbin/daemon"]) Deno.chmodSync(folder.at(name), 0o755);
  const folders = [folder.at("bin"), folder.at("nowhere"), folder.at("sbin")];
  assert.equal(missingPrograms(labThatNeeds(), folders), undefined);
  assert.equal(missingPrograms(labThatNeeds("tool", "daemon"), folders), undefined);
  assert.equal(
    missingPrograms(labThatNeeds("tool", "text"), folders),
    'This host has no "text"; install it to run this lab',
  );
  assert.equal(
    missingPrograms(labThatNeeds("folder", "gone"), folders),
    'This host has no "folder", "gone"; install them to run this lab',
  );
});
