import assert from "node:assert/strict";
import { Folder } from "../../tests/support/folder.ts";
import { UsageError } from "./errors.ts";
import { findLabs, labNames, labsBelow } from "./find.ts";

const LAB = "apiVersion: podlab/v1\nkind: Lab\n";
const POD = "apiVersion: v1\nkind: Pod\nmetadata: { name: Laboratory, labels: { mankind: Lab } }\n";

function sample(): Folder {
  return new Folder({
    "project/13-pod.yaml": LAB,
    "project/deep/06-limits.yml": `# a comment\n---\n${POD}---\n{ "apiVersion": "podlab/v1", "kind": "Lab" }\n`,
    "project/pod.yaml": POD,
    "project/notes.txt": LAB,
    "project/.hidden/lab.yaml": LAB,
    "project/node_modules/lab.yaml": LAB,
    "current/own.yaml": LAB,
    "current/13-pod.yaml": LAB,
  });
}

function foldersOf(folder: Folder) {
  return { project: folder.at("project"), current: folder.at("current") };
}

/** The error's message and hint. */
function refused(words: readonly string[], others: readonly string[] = []): readonly (string | undefined)[] {
  using folder = sample();
  try {
    findLabs(words.map((word) => word.replace("@", folder.path)), others, foldersOf(folder));
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return [error.message, error.hint].map((text) => text?.replaceAll(folder.path, "@"));
  }
  return assert.fail("nothing was refused");
}

Deno.test("findLabs() finds a lab by name, the project's before that of the current directory", () => {
  using folder = sample();
  assert.deepEqual(findLabs(["13-pod", "own", "deep/06-limits"], [], foldersOf(folder)), [
    folder.at("project/13-pod.yaml"),
    folder.at("current/own.yaml"),
    folder.at("project/deep/06-limits.yml"),
  ]);
});

Deno.test("findLabs() takes a file by its path, with or without its extension, lab or not", () => {
  using folder = sample();
  const words = [folder.at("project/pod.yaml"), folder.at("current/own")];
  assert.deepEqual(findLabs(words, [], foldersOf(folder)), [
    folder.at("project/pod.yaml"),
    folder.at("current/own.yaml"),
  ]);
});

Deno.test("findLabs() finds the labs below a directory in order, each once, and nothing that is none", () => {
  using folder = sample();
  const labs = ["project/13-pod.yaml", "project/deep/06-limits.yml"].map((path) => folder.at(path));
  assert.deepEqual(findLabs([folder.at("project"), "13-pod"], [], foldersOf(folder)), labs);
  assert.deepEqual(labsBelow(`${folder.at("project")}/`), labs);
});

Deno.test("labsBelow() finds a file that cannot be read, so that it is told about, but no FIFO and no loop", () => {
  using folder = new Folder({ "lab.yaml": LAB, "binary.yaml": new Uint8Array([0, 1]), "deep/x.yaml": LAB });
  new Deno.Command("mkfifo", { args: [folder.at("fifo.yaml")] }).outputSync();
  Deno.symlinkSync(folder.path, folder.at("deep/loop"));
  Deno.symlinkSync(folder.at("lab.yaml"), folder.at("link.yaml"));
  const names = ["binary.yaml", "deep/x.yaml", "lab.yaml", "link.yaml"];
  assert.deepEqual(labsBelow(folder.path), names.map((name) => folder.at(name)));
});

Deno.test("findLabs() says what a word that is nothing was probably meant to be", () => {
  assert.deepEqual(refused(["13-pdo"]), ['Cannot find a lab "13-pdo"', 'Did you mean the lab "13-pod"?']);
  assert.deepEqual(refused(["limits"]), ['Cannot find a lab "limits"', 'Did you mean the lab "deep/06-limits"?']);
  assert.deepEqual(refused(["13-pod", "rnu"], ["run"])[0], 'Cannot find a lab "rnu"');
  assert.deepEqual(refused(["rnu"], ["run"]), [
    'Cannot find a lab or command "rnu"',
    'Did you mean the command "run"?',
  ]);
  assert.deepEqual(refused(["qqqqqqqq"], ["run"])[1], "Labs: 13-pod, deep/06-limits, own");
  assert.deepEqual(refused([""])[1], "Labs: 13-pod, deep/06-limits, own");
});

Deno.test("findLabs() says of a path that there is no such file, and of a directory that it holds no lab", () => {
  assert.deepEqual(refused(["@/project/13-pdo.yaml"]), [
    'Cannot find the file "@/project/13-pdo.yaml"',
    'Did you mean "@/project/13-pod.yaml"?',
  ]);
  assert.deepEqual(refused(["@/nowhere/x"])[0], 'Cannot find the file "@/nowhere/x"');
  using empty = new Folder();
  assert.throws(() => findLabs([empty.path]), { message: `Cannot find a lab below "${empty.path}"` });
});

Deno.test("labNames() lists what can be asked for by name, sorted, each once", () => {
  using folder = sample();
  assert.deepEqual(labNames(foldersOf(folder)), ["13-pod", "deep/06-limits", "own"]);
  assert.deepEqual(labNames({ project: folder.at("nowhere"), current: folder.at("current") }), ["13-pod", "own"]);
});
