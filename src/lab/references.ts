/**
 * Names of pods and containers that other parts of a lab refer to.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Pod, Target } from "./lab.ts";
import { INFRA } from "./names.ts";
import type { Problems } from "./problems.ts";
import { listed, nearest, suggestion } from "./suggest.ts";
import { clipped } from "./tree.ts";

/** Which targets a place takes. */
export interface TargetRule {
  /** Why infra cannot be meant; without it, it can. */
  readonly notInfra?: string;
  /** Whether a pod's name alone means its infra container. */
  readonly podMeansInfra?: true;
}

/** The pods and containers of a lab by name. */
export class References {
  readonly #pods: ReadonlyMap<string, readonly string[]>;
  readonly #complete: boolean;
  readonly #problems: Problems;

  /** @param complete Whether all names are known; else a reference to an unknown one is no problem of its own. */
  constructor(pods: readonly Pod[], complete: boolean, problems: Problems) {
    this.#pods = new Map(pods.map((pod) => [pod.name, containerNames(pod)]));
    this.#complete = complete && pods.every((pod) => pod.name !== "" && !containerNames(pod).includes(""));
    this.#problems = problems;
  }

  /** The container that a text names; nothing where there is none, which is reported. */
  target(place: Cursor<string>, rule: TargetRule = {}): Target | undefined {
    const text = place.value;
    if (text === undefined) return undefined;
    const target = rule.podMeansInfra && this.#pods.has(text) ? { pod: text, container: INFRA } : this.#parse(text);
    if (!this.#exists(target)) {
      this.#unknown(place, text);
      return undefined;
    }
    if (target?.container !== INFRA || rule.notInfra === undefined) return target;
    this.#problems.error("impossible", place.span, `Cannot use ${clipped(text)} here: ${rule.notInfra}`);
    return undefined;
  }

  /** Several of them, or one: those that exist. */
  targets(place: Cursor<string | string[]>, rule: TargetRule = {}): readonly Target[] {
    const targets: Target[] = [];
    for (const each of place.each()) {
      const target = this.target(each, rule);
      if (target === undefined) continue;
      if (targets.some((other) => other.pod === target.pod && other.container === target.container)) {
        this.#problems.error("duplicate_name", each.span, `Cannot name ${clipped(each.value ?? "")} twice`);
      }
      targets.push(target);
    }
    return targets;
  }

  /** The pod that a text names. */
  pod(place: Cursor<string>): string | undefined {
    const name = place.value;
    if (name === undefined || this.#pods.has(name) || !this.#complete) return name;
    const hint = suggestion(name, [...this.#pods.keys()], "pods");
    this.#problems.error("bad_reference", place.span, `Cannot find a pod ${clipped(name)} in this lab`, hint);
    return undefined;
  }

  #parse(text: string): Target | undefined {
    const slash = text.indexOf("/");
    if (slash >= 0) return { pod: text.slice(0, slash), container: text.slice(slash + 1) };
    const [only] = this.#pods.keys();
    return this.#pods.size === 1 && only !== undefined ? { pod: only, container: text } : undefined;
  }

  #exists(target: Target | undefined): boolean {
    if (!this.#complete) return true;
    const containers = target === undefined ? undefined : this.#pods.get(target.pod);
    return target !== undefined && containers !== undefined &&
      (target.container === INFRA || containers.includes(target.container));
  }

  #unknown(place: Cursor<string>, text: string): void {
    const message = `Cannot find a container ${clipped(text)} in this lab`;
    this.#problems.error("bad_reference", place.span, message, this.#hint(text));
  }

  #hint(text: string): string {
    const all = [...this.#pods].flatMap(([pod, names]) => [...names, INFRA].map((name) => `${pod}/${name}`));
    const ofPod = this.#pods.get(text);
    if (ofPod !== undefined) {
      return `It is a pod; name one of its containers: ${listed([...ofPod, INFRA].map((name) => `${text}/${name}`))}`;
    }
    const same = text.includes("/") ? undefined : all.find((name) => name.endsWith(`/${text}`));
    if (same !== undefined) return `Did you mean "${same}"?`;
    const near = nearest(text, all);
    return near === undefined ? suggestion(text, all, "containers") : `Did you mean "${near}"?`;
  }
}

function containerNames(pod: Pod): readonly string[] {
  return [...pod.initContainers, ...pod.containers].map((container) => container.name);
}
