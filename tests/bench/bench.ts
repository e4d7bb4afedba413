/**
 * podlab beside a C program that makes the same system calls, and beside other engines, in one run: `deno task bench`.
 *
 * --quick: fewer rounds. --json=PATH: the rows as data as well.
 *
 * Nothing here is an assertion: figures of one run on one machine are to be compared with each other only.
 *
 * @module
 */

import { probeHost } from "../../src/run/probe_host.ts";
import type { Coprocess } from "./coprocess.ts";
import { startFloor } from "./floor.ts";
import { contestLab, makeRoot } from "./labs.ts";
import { type Missing, type Peer, Peers } from "./peers.ts";
import { Podlab } from "./podlab.ts";
import { type Contender, takeTurns } from "./rounds.ts";
import { renderSection, type Section } from "./table.ts";
import { labRuns, scales, startUps } from "./whole.ts";

const NS_PER_MS = 1e6;
/** podman is a hundred times slower than the rest. */
const SLOW_EVERY = 20;
const PEER_EVERY = 4;

const encoder = new TextEncoder();

async function main(args: readonly string[]): Promise<number> {
  const quick = args.includes("--quick");
  const json = args.find((arg) => arg.startsWith("--json="))?.slice("--json=".length);
  const unknown = args.find((arg) => arg !== "--quick" && !arg.startsWith("--json="));
  if (unknown !== undefined || Deno.uid() !== 0) {
    say(unknown === undefined ? "The benchmark makes containers: run it as root\n" : `Unknown argument "${unknown}"\n`);
    return 2;
  }
  const directory = await Deno.makeTempDir({ prefix: "podlab-bench-" });
  const sections: Section[] = [];
  const measure = async (title: string, contenders: readonly Contender[], rounds: number, warmUps: number) => {
    const section = { title, rows: await takeTurns(contenders, { rounds, warmUps }) };
    sections.push(section);
    say(`${renderSection(section)}\n`);
  };
  try {
    const contest = quick ? { rounds: 40, warmUps: 20 } : { rounds: 400, warmUps: 50 };
    await makeContest(directory, (title, contenders) => measure(title, contenders, contest.rounds, contest.warmUps));
    await measure("Start-up", startUps(directory), quick ? 10 : 40, 1);
    await measure("Labs, whole processes", labRuns(directory), quick ? 5 : 20, 1);
    await measure("Many pods of two containers", scales(), quick ? 1 : 5, 0);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  if (json !== undefined) await Deno.writeTextFile(json, `${JSON.stringify({ sections }, undefined, 2)}\n`);
  return 0;
}

/** Containers and pods: the floor, podlab in this process, the other engines. */
async function makeContest(
  directory: string,
  measure: (title: string, contenders: readonly Contender[]) => Promise<void>,
): Promise<void> {
  const root = makeRoot(directory);
  const lab = await contestLab(root);
  const host = probeHost(lab);
  await using stack = new AsyncDisposableStack();

  const peers = stack.use(new Peers(directory, root));
  const podlab = stack.use(await Podlab.start(lab, host));
  const started = await startFloor(lab, host, directory);
  const floor = typeof started === "string" ? started : stack.use(started);
  const pair = (what: string, request: string, ours: () => Promise<number>, target: string): Contender[] => [
    { name: `C, ${what}`, once: floorOf(floor, request) },
    { name: `podlab, ${what}`, once: ours, against: `C, ${what}`, target },
  ];
  const within = "a container of a pod";
  await measure("One container, made to removed", [
    ...pair(within, "container", () => podlab.container(), "≤ 1.3"),
    ...pair("a pod of one container", "pod", () => podlab.pod(), ""),
    contender(await peers.process(), 1, within),
    contender(await peers.bubblewrap(), PEER_EVERY, within),
    contender(await peers.crun(), PEER_EVERY, within),
    contender(await peers.runc(), PEER_EVERY, within),
    contender(await peers.podman(), SLOW_EVERY, within),
  ]);
  await measure("A pod of infra and two limited containers, until both run", [
    ...pair("image dir:", "pair", () => podlab.up("pair"), "< 5 ms"),
    ...pair("image host", "host", () => podlab.up("host"), "< 5 ms"),
    contender(await peers.podmanPod(), SLOW_EVERY, "image dir:"),
  ]);
}

function floorOf(floor: Coprocess | string, request: string): () => Promise<number> {
  return async () => {
    if (typeof floor === "string") throw new Error(floor);
    return Number(await floor.ask(request)) / NS_PER_MS;
  };
}

/** An engine among the contenders, compared with podlab's own. */
function contender(peer: Peer | Missing, every: number, what: string): Contender {
  const { name } = peer;
  const against = `podlab, ${what}`;
  if ("once" in peer) {
    return { name, once: peer.once, every, against, ...(name === "crun run" ? { target: "≥ 5" } : {}) };
  }
  return { name, once: () => Promise.reject(new Error(peer.reason)) };
}

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
