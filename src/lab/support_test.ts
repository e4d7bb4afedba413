/**
 * What the tests of this folder share: labs to check, and problems in the form that tests assert.
 *
 * @module
 */

import assert from "node:assert/strict";
import { checkLab } from "./check.ts";
import type { Checked } from "./check.ts";
import type { Lab, Observation } from "./lab.ts";
import { parseLab } from "./parse.ts";
import type { Problem } from "./problem.ts";

/** Parses and checks a text that stands in `lab.yaml`. */
export function check(text: string): Promise<Checked> {
  return checkLab(parseLab({ name: "lab.yaml", text }));
}

/** The lab of a text that must be right. */
export async function labOf(text: string): Promise<Lab> {
  const { lab, problems } = await check(text);
  assert.deepEqual(problems.map(brief), []);
  assert.ok(lab);
  return lab;
}

/** A problem as `line:column code`. */
export function brief({ span, code }: Problem): string {
  return `${span.line}:${span.column} ${code}`;
}

/** A lab with one pod `web` of two containers, `a` and `b`; observations are added from line 14 on. */
export const HEAD = `apiVersion: podlab/v1
kind: Lab
metadata:
  name: test
spec:
  pods:
    - metadata: { name: web }
      spec:
        volumes: [{ name: shared }]
        containers:
          - { name: a, command: [sleep, infinity] }
          - { name: b, command: [sleep, infinity] }
  observations:
`;

/** A lab with an observation whose `expect` is this, in one line: line 16, the text from column 15 on. */
export function expecting(subject: string, expect: string): string {
  return `${HEAD}    - name: it holds\n      ${subject}\n      expect: ${expect}\n`;
}

/** The one observation of a lab that must be right. */
export async function observed(text: string): Promise<Observation> {
  const [observation] = (await labOf(text)).observations;
  assert.ok(observation);
  return observation;
}

/** A lab with one pod of this YAML: its first line is line 7, the text from column 7 on. */
export function withPod(lines: readonly string[]): string {
  return `apiVersion: podlab/v1
kind: Lab
metadata: { name: test }
spec:
  observations: [{ name: it holds, host: true, expect: { cpus: { gt: 0 } } }]
  pods:
    - ${lines.join("\n      ")}
`;
}
