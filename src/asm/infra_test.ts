import assert from "node:assert/strict";
import { MACHINES, ProgramFile, until } from "../../tests/support/programs.ts";
import { infraElf } from "./infra.ts";

for (const machine of MACHINES) {
  const elf = infraElf(machine.architecture);

  Deno.test(`infraElf() for ${machine.architecture} is under 1 KB and the same each time`, () => {
    assert.ok(elf.length < 1024, `${elf.length} bytes`);
    assert.deepEqual(infraElf(machine.architecture), elf);
  });

  Deno.test(`infraElf() for ${machine.architecture} names itself and sleeps until it is killed${machine.skip}`, {
    ignore: machine.skip !== "",
  }, async () => {
    using file = new ProgramFile(machine, elf);
    await using infra = file.start([]);
    await until(() => Deno.readTextFileSync(`/proc/${infra.pid}/comm`) === "infra\n");
    await until(() => / S /.test(Deno.readTextFileSync(`/proc/${infra.pid}/stat`)));
    infra.kill("SIGTERM");
    assert.equal(await infra.end(), 128 + 15);
  });
}

Deno.test("infraElf() is not dumpable, so that its files in /proc belong to root", {
  ignore: Deno.uid() !== 0, // only root can start it as someone else
}, async () => {
  const [machine] = MACHINES.filter(({ emulator }) => emulator === undefined);
  assert.ok(machine);
  using file = new ProgramFile(machine, infraElf(machine.architecture));
  await using infra = file.start([], { uid: 65534 });
  await until(() => Deno.readTextFileSync(`/proc/${infra.pid}/comm`) === "infra\n");
  await until(() => Deno.statSync(`/proc/${infra.pid}/status`).uid === 0);
});
