/**
 * What is done before an observation looks.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Action } from "./lab.ts";
import { SIGNALS } from "./names.ts";
import { positiveDurationAt } from "./quantities.ts";
import type { WrittenAction, WrittenObservation } from "./schema.ts";
import type { SubjectContext } from "./subjects.ts";
import { suggestion } from "./suggest.ts";
import { clipped } from "./tree.ts";

/** An infra container lives and dies with its pod. */
const POD_LIVES_WITH_IT = {
  notInfra: "an infra container lives as long as its pod: use kill, or delete and create of the pod",
};

/** Reads `do:`, an action or a list of them. */
export function readActions(
  written: Cursor<NonNullable<WrittenObservation["do"]>>,
  context: SubjectContext,
): readonly Action[] {
  const each = written.isList() ? written.items() : written.isMap() ? [written.map()] : [];
  return each.map((action) => readAction(action, context)).filter((action) => action !== undefined);
}

function readAction(written: Cursor<WrittenAction>, context: SubjectContext): Action | undefined {
  const [first, second] = written.entries();
  if (first === undefined) {
    if (!written.broken) {
      context.problems.error(
        "missing_key",
        written.span,
        "Cannot do nothing here",
        "Name an action, as in kill: web/a",
      );
    }
    return undefined;
  }
  if (second !== undefined) {
    const message = `Cannot do ${clipped(first[0])} and ${clipped(second[0])} in one action`;
    context.problems.error("impossible", second[1].keySpan, message, "Write a list: each item one action");
  }
  return isActionKey(first[0]) ? readNamed(first[0], written, context) : undefined;
}

const ACTION_KEYS = [
  "kill",
  "signal",
  "stop",
  "start",
  "restart",
  "freeze",
  "thaw",
  "create",
  "delete",
  "write",
  "wait",
];

type ActionKey = keyof WrittenAction;

function isActionKey(key: string): key is ActionKey {
  return ACTION_KEYS.includes(key);
}

function readNamed(key: ActionKey, written: Cursor<WrittenAction>, context: SubjectContext): Action | undefined {
  const { names, problems } = context;
  const span = written.get(key).keySpan;
  switch (key) {
    case "kill": {
      const to = names.target(written.get(key));
      return to && { kind: "signal", to, signal: "SIGKILL", span };
    }
    case "signal":
      return readSignal(written.get(key), context);
    case "stop":
    case "start":
    case "restart": {
      const target = names.target(written.get(key), POD_LIVES_WITH_IT);
      return target && { kind: key, target, span };
    }
    case "freeze":
    case "thaw": {
      const target = names.target(written.get(key));
      return target && { kind: key, target, span };
    }
    case "create":
    case "delete": {
      const pod = names.pod(written.get(key));
      return pod === undefined ? undefined : { kind: key, pod, span };
    }
    case "write":
      return readWrite(written.get(key), context);
    case "wait": {
      const duration = positiveDurationAt(written.get(key), problems);
      return duration && { kind: key, ms: duration.value, span };
    }
  }
}

function readSignal(place: Cursor<NonNullable<WrittenAction["signal"]>>, context: SubjectContext): Action | undefined {
  const to = context.names.target(place.get("to"));
  const name = place.get("signal");
  if (name.value === undefined) return undefined;
  const upper = name.value.toUpperCase();
  const full = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  const signal = SIGNALS.find((known) => known === full);
  if (signal === undefined) {
    const hint = suggestion(full, SIGNALS, "signals");
    context.problems.error("bad_value", name.span, `Cannot find a signal ${clipped(name.value)}`, hint);
  }
  return to && signal && { kind: "signal", to, signal, span: place.keySpan };
}

function readWrite(place: Cursor<NonNullable<WrittenAction["write"]>>, { names }: SubjectContext): Action | undefined {
  const target = names.target(place.get("in"), { notInfra: "the infra container has no files of its own" });
  const path = place.get("path").value ?? "/";
  return target && { kind: "write", in: target, path, content: place.get("content").value ?? "", span: place.keySpan };
}
