import { assertGolden } from "../../tests/support/golden.ts";
import { hybridHost, unprivilegedHost, v2Host } from "../../tests/support/host_fixture.ts";
import { doctorText } from "./doctor.ts";

for (const [name, host] of Object.entries({ v2: v2Host, hybrid: hybridHost, unprivileged: unprivilegedHost })) {
  Deno.test(`doctorText() is tests/golden/doctor.${name}.txt`, () => {
    assertGolden(`doctor.${name}.txt`, doctorText(host));
  });
}
