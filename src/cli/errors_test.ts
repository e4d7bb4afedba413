import assert from "node:assert/strict";
import { fakeIo } from "../../tests/support/fake_io.ts";
import { tellError, UsageError } from "./errors.ts";

Deno.test("tellError() tells what cannot be done with what to do, and gives its exit code", () => {
  const io = fakeIo();
  assert.equal(tellError(new UsageError("Cannot do it", "Do that"), io), 2);
  assert.equal(tellError(new UsageError("Cannot do it here", undefined, 3), io), 3);
  assert.deepEqual(io.written, { out: "", err: "Cannot do it\n  = Do that\nCannot do it here\n" });
});

Deno.test("tellError() tells a bug in one line, and its stack only to who asks for it", () => {
  const bug = new RangeError("Out of\n  range");
  const io = fakeIo();
  assert.equal(tellError(bug, io), 3);
  assert.equal(io.written.err.split("\n")[0], "Internal error: RangeError: Out of range");
  assert.doesNotMatch(io.written.err, /errors_test\.ts/);
  const asked = fakeIo({ PODLAB_DEBUG: "1" });
  tellError(bug, asked);
  assert.match(asked.written.err, /errors_test\.ts/);
});
