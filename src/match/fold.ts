/**
 * From what a run says to what is known when it ends.
 *
 * @module
 */

import type { Facts, RunEvent } from "./events.ts";

/** What is known before anything has been said. */
export function emptyFacts(): Facts {
  return {
    startedAt: "",
    durationMs: 0,
    observed: [],
    notices: [],
    errors: [],
    leftovers: [],
    logs: [],
    interrupted: false,
  };
}

/** What is known after one more event. */
export function step(facts: Facts, event: RunEvent): Facts {
  // A run that is cut short has no lab_ended; it lasted at least until its last event.
  const known = event.atMs > facts.durationMs ? { ...facts, durationMs: event.atMs } : facts;
  switch (event.kind) {
    case "lab_started":
      return { ...known, startedAt: event.wallClock };
    case "observation_ended":
      return { ...known, observed: [...known.observed, event.observed] };
    case "notice": {
      const notice = event.span === undefined ? { text: event.text } : { text: event.text, span: event.span };
      return { ...known, notices: [...known.notices, notice] };
    }
    case "error":
      return { ...known, errors: [...known.errors, event.error] };
    case "interrupted":
      return { ...known, interrupted: true };
    case "leftover":
      return { ...known, leftovers: [...known.leftovers, event.text] };
    case "container_log":
      return { ...known, logs: [...known.logs, event.log] };
    case "lab_ended":
      return { ...known, durationMs: event.durationMs };
    case "pod_starting":
    case "pod_ready":
    case "pod_ended":
    case "pod_deleted":
    case "container_started":
    case "container_ended":
    case "action":
    case "observation_started":
    case "observation_looked":
    case "kept":
      return known;
  }
}

/** What is known after all of a run's events. */
export function fold(events: Iterable<RunEvent>): Facts {
  let facts = emptyFacts();
  for (const event of events) facts = step(facts, event);
  return facts;
}
