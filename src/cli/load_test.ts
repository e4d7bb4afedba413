import assert from "node:assert/strict";
import { Folder } from "../../tests/support/folder.ts";
import { skipUnless } from "../../tests/support/skip.ts";
import { readFile } from "./load.ts";

/** The code and message of the problem of reading. */
function refused(path: string): readonly string[] {
  const read = readFile(path);
  assert.ok("problem" in read, "it was read");
  const { code, message, span, hint } = read.problem;
  assert.deepEqual(span, { file: path, line: 1, column: 1, start: 0, end: 0 });
  assert.ok(hint !== undefined && hint !== "");
  return [code, message.replace(path, "@")];
}

Deno.test("readFile() gives the text under the name that the user gave, without a byte order mark", () => {
  using folder = new Folder({ "lab.yaml": "\ufeffkind: Läb\n" });
  const path = folder.at("lab.yaml");
  assert.deepEqual(readFile(path), { source: { name: path, text: "kind: Läb\n" } });
});

Deno.test("readFile() refuses what is no file, without waiting for anybody", () => {
  using folder = new Folder();
  new Deno.Command("mkfifo", { args: [folder.at("fifo")] }).outputSync();
  assert.deepEqual(refused(folder.path), ["file_unreadable", 'Cannot read "@": it is a directory']);
  assert.deepEqual(refused(folder.at("fifo")), ["file_unreadable", 'Cannot read "@": it is no regular file']);
  assert.deepEqual(refused("/dev/zero"), ["file_unreadable", 'Cannot read "@": it is no regular file']);
  assert.deepEqual(refused(folder.at("nothing")), ["file_unreadable", 'Cannot read "@": there is no such file']);
});

const tooLarge = (size: number): string => `Cannot read "@": it has ${size} bytes, the limit is 1048576`;

Deno.test("readFile() refuses a large file by its size", () => {
  using folder = new Folder({ "most": "x".repeat(1 << 20) });
  Deno.createSync(folder.at("large")).close();
  Deno.truncateSync(folder.at("large"), 100 << 20);
  assert.deepEqual(refused(folder.at("large")), ["too_large", tooLarge(100 << 20)]);
  assert.ok("source" in readFile(folder.at("most")));
});

/** A file whose size is told to be 0, whatever is in it. */
const ENDLESS = "/proc/kallsyms";

const endless = skipUnless(isLarge(ENDLESS), `${ENDLESS} is small or absent on this kernel`);

Deno.test(`readFile() stops reading a file that does not tell its size${endless.why}`, endless, () => {
  assert.deepEqual(refused(ENDLESS), ["too_large", tooLarge((1 << 20) + 1)]);
});

function isLarge(path: string): boolean {
  try {
    return Deno.readFileSync(path).length > 1 << 20;
  } catch {
    return false;
  }
}

Deno.test("readFile() refuses what is no text", () => {
  using folder = new Folder({ "nul": new Uint8Array([97, 0]), "latin": new Uint8Array([0xe4, 0x0a]) });
  assert.deepEqual(refused(folder.at("nul")), ["file_unreadable", 'Cannot read "@": it is binary: it holds NUL bytes']);
  assert.deepEqual(refused(folder.at("latin")), ["file_unreadable", 'Cannot read "@": it is not UTF-8']);
});

Deno.test("readFile() says what the kernel said, without numbers and stack", () => {
  using folder = new Folder();
  Deno.symlinkSync("loop", folder.at("loop"));
  const [code, message] = refused(folder.at("loop"));
  assert.equal(code, "file_unreadable");
  assert.match(message ?? "", /^Cannot read "@": too many levels of symbolic links/);
});
