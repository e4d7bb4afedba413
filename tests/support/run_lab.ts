/**
 * Runs a lab's text from a test, the whole line from YAML to verdict.
 *
 * @module
 */

import { checkLab } from "../../src/lab/check.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { parseLab } from "../../src/lab/parse.ts";
import type { Facts, RunEvent } from "../../src/match/events.ts";
import { emptyFacts, step } from "../../src/match/fold.ts";
import { judge, type Verdict } from "../../src/match/judge.ts";
import { probeHost } from "../../src/run/probe_host.ts";
import { runLab, type RunOptions } from "../../src/run/run.ts";
import type { HostFacts } from "../../src/plan/host.ts";

/** What a run came to. */
export interface Ran {
  readonly lab: Lab;
  readonly events: readonly RunEvent[];
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** Checks a lab's text, which must be right. */
export async function labOf(text: string, name = "test.yaml"): Promise<Lab> {
  const { lab, problems } = await checkLab(parseLab({ name, text }));
  if (lab === undefined) throw new Error(problems.map(({ message, span }) => `${span.line}: ${message}`).join("\n"));
  return lab;
}

/** Runs a lab. */
export async function run(lab: Lab, options: RunOptions = {}, host: HostFacts = probeHost(lab)): Promise<Ran> {
  const events: RunEvent[] = [];
  let facts = emptyFacts();
  for await (const event of runLab(lab, host, options)) {
    events.push(event);
    facts = step(facts, event);
  }
  return { lab, events, facts, verdict: judge(lab, facts) };
}

/** A lab with one pod `p` of the containers given as YAML flow maps, and observations as YAML flow maps. */
export function onePod(containers: readonly string[], observations: readonly string[], podSpec = ""): string {
  return `apiVersion: podlab/v1
kind: Lab
metadata: { name: test }
spec:
  pods:
    - metadata: { name: p }
      spec:
        restartPolicy: Never
${podSpec === "" ? "" : `        ${podSpec}\n`}        containers:
${containers.map((container) => `          - ${container}`).join("\n")}
  observations:
${observations.map((observation) => `    - ${observation}`).join("\n")}
`;
}
