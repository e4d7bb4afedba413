/**
 * What the contenders run: the smallest root file system, and labs over it.
 *
 * @module
 */

import { toolboxElf } from "../../src/asm/toolbox/toolbox.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { labOf } from "../support/run_lab.ts";

/** What a container does that is to end at once. */
export const AT_ONCE = ["/bin/toolbox", "exit", "0"] as const;

/** What a container does that is to stay. */
const STAY = "[/bin/toolbox, sleep, infinity]";

/** Makes a root file system with one static program, so that every engine executes the same. */
export function makeRoot(directory: string): string {
  const root = `${directory}/root`;
  for (const name of ["bin", "dev", "etc", "proc", "sys", "tmp"]) {
    Deno.mkdirSync(`${root}/${name}`, { recursive: true });
  }
  Deno.writeFileSync(`${root}/bin/toolbox`, toolboxElf(Deno.build.arch), { mode: 0o755 });
  return root;
}

/**
 * `warm` stays up while containers are made in it; `single` has one container that ends at once; `pair` and `host` have two
 * that stay, with limits, over the small root and over the image `host`. All but `warm` are made when they are asked for.
 */
export function contestLab(root: string): Promise<Lab> {
  const once = `[{ name: once, image: "dir:${root}", command: ${JSON.stringify(AT_ONCE)} }]`;
  return labOf(`apiVersion: podlab/v1
kind: Lab
metadata: { name: bench }
spec:
  timeout: 1h
  pods:
    - { metadata: { name: warm }, spec: { restartPolicy: Never, containers: ${once} } }
    - { metadata: { name: single }, spec: { restartPolicy: Never, containers: ${once} } }
    - { metadata: { name: pair }, spec: { containers: [${limited("a", root)}, ${limited("b", root)}] } }
    - { metadata: { name: host }, spec: { containers: [${limited("a")}, ${limited("b")}] } }
  observations:
    - name: these pods are made later
      do: [{ create: single }, { create: pair }, { create: host }]
      pod: warm
      expect: { phase: Running }
`);
}

/** So many pods of two containers over the image `host`. */
export function manyPodsLab(count: number): Promise<Lab> {
  const containers = `[{ name: a, command: [sleep, infinity] }, { name: b, command: [sleep, infinity] }]`;
  const pods = Array.from(
    { length: count },
    (_, index) => `    - { metadata: { name: p${index} }, spec: { containers: ${containers} } }`,
  );
  return labOf(`apiVersion: podlab/v1
kind: Lab
metadata: { name: many }
spec:
  timeout: 1h
  pods:
${pods.join("\n")}
  observations:
    - { name: the first is there, pod: p0, expect: { phase: Running } }
`);
}

/** The pods of a lab, with one observation that needs no waiting. */
export function withOneObservation(text: string): string {
  const head = text.slice(0, text.indexOf("  observations:"));
  return `${head}  observations:\n    - { name: it is there, pod: web, expect: { infra: running } }\n`;
}

function limited(name: string, root?: string): string {
  const image = root === undefined ? "" : `image: "dir:${root}", `;
  const command = root === undefined ? "[toolbox, sleep, infinity]" : STAY;
  return `{ name: ${name}, ${image}command: ${command}, resources: { limits: { memory: 64Mi, cpu: 500m } } }`;
}
