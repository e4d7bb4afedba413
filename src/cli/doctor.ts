/**
 * `lab doctor`: what this host can do, what it lacks, what that disables and how to get it.
 *
 * @module
 */

import { shownText } from "../lab/width.ts";
import { explain, type HostFacts } from "../plan/host.ts";
import { probeHost } from "../run/probe_host.ts";
import { EXIT } from "./errors.ts";
import type { Io } from "./io.ts";

/** Prints the facts; fails where no lab can run. */
export default function doctor(io: Io, flags: { readonly json?: boolean }): number {
  const host = probeHost();
  const missing = explain(host);
  if (flags.json === true) {
    const { devices: _devices, paths: _paths, ...facts } = host;
    io.out(`${JSON.stringify({ host: facts, missing }, undefined, 2)}\n`);
  } else io.out(doctorText(host));
  return missing.some(({ fatal }) => fatal) ? EXIT.host : EXIT.ok;
}

/** The facts in aligned lines, then what is missing. */
export function doctorText(host: HostFacts): string {
  const rows = factRows(host);
  const width = Math.max(...rows.map(([name]) => name.length));
  const facts = rows.map(([name, value]) => `${name.padEnd(width)}  ${shownText(value)}`);
  const missing = explain(host).flatMap(({ what, disables, how, fatal }) => [
    "",
    `${fatal ? "✘" : "○"} ${shownText(what)}`,
    `    disables  ${disables}`,
    `    to get it ${how}`,
  ]);
  const verdict = missing.length === 0 ? ["", "✔ Nothing is missing"] : missing;
  return [...facts, ...verdict, ""].join("\n");
}

const GIB = 1 << 30;

function factRows(host: HostFacts): readonly (readonly [string, string])[] {
  const { cgroup } = host;
  const image = Object.keys(host.hostImage).map((name) => `/${name}`).join(" ");
  return [
    ["kernel", `Linux ${host.kernel}`],
    ["architecture", host.architecture],
    ["CPUs", String(host.cpus)],
    ["memory", `${(host.memoryBytes / GIB).toFixed(1)} GiB`],
    ["user", host.uid === 0 ? "root" : `uid ${host.uid}`],
    ["capabilities", `${host.capabilities.length} of ${host.lastCapability + 1}`],
    ["clone3", host.clone3 ? "yes" : "no: clone is used instead"],
    ["open files", `at most ${host.nofileHard}`],
    ["overlay", host.filesystems.includes("overlay") ? "yes" : "no"],
    ["cgroups", cgroup.layout],
    ...cgroup.hierarchies.map(({ version, controllers, base }) =>
      [`  v${version}`, `${controllers.length === 0 ? "(no controllers)" : controllers.join(" ")} at ${base}`] as const
    ),
    ["swap limits", cgroup.swap ? "yes" : "no"],
    ["image host", image],
  ];
}
