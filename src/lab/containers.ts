/**
 * A container as it is written to a container as it will run.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import { expand } from "./expansion.ts";
import type { Container, Image } from "./lab.ts";
import type { Problems } from "./problems.ts";
import { readResources } from "./resources.ts";
import type { PidsLimits } from "./resources.ts";
import type { WrittenContainer, WrittenPod } from "./schema_pod.ts";
import { readSecurity } from "./security.ts";
import type { At } from "./span.ts";
import { clipped } from "./tree.ts";
import { readMounts } from "./volumes.ts";

/** What a container needs to know of its pod. */
export interface PodAround {
  /** Names of the pod's volumes; nothing where they are not known for certain. */
  readonly volumes: readonly string[] | undefined;
  readonly pids: PidsLimits;
  /** The pod's own security context. */
  readonly security: Cursor<NonNullable<WrittenPod["spec"]["securityContext"]>>;
}

/** Reads one container. Where something is wrong it has something harmless in its place: the lab will not run. */
export function readContainer(written: Cursor<WrittenContainer>, pod: PodAround, problems: Problems): Container {
  const name = written.get("name").value ?? "";
  const env = readEnv(written.get("env"));
  const workingDir = written.get("workingDir");
  return {
    name,
    image: readImage(written.get("image"), problems),
    command: readCommand(written, env, problems),
    env,
    ...(workingDir.value === undefined ? {} : { workingDir: { value: workingDir.value, span: workingDir.span } }),
    resources: readResources(written.get("resources"), pod.pids.of(name), problems),
    volumeMounts: readMounts(written.get("volumeMounts"), pod.volumes, problems),
    security: readSecurity(written.get("securityContext"), pod.security, problems),
    span: written.span,
  };
}

/** Each variable may use those before it. */
function readEnv(written: Cursor<NonNullable<WrittenContainer["env"]>>): Container["env"] {
  const variables = new Map<string, string>();
  return written.items().map((item) => {
    const name = item.get("name").value ?? "";
    const value = expand(item.get("value").value ?? "", variables);
    variables.set(name, value);
    return { name, value, span: item.span };
  });
}

/** `command` then `args`. No image that podlab knows has an entrypoint that `args` alone could be given to. */
function readCommand(
  written: Cursor<WrittenContainer>,
  env: Container["env"],
  problems: Problems,
): At<readonly string[]> {
  const command = written.get("command");
  const args = written.get("args");
  if (command.items().length === 0 && !command.broken) {
    const message = args.written
      ? 'Missing key "command": args alone have no program to go to'
      : 'Missing key "command" in a container';
    const span = command.written ? command.span : args.written ? args.keySpan : written.get("name").span;
    problems.error("missing_key", span, message, 'Write the program, as in command: [sleep, "3600"]');
  }
  const first = command.items()[0];
  if (first?.value === "") problems.error("bad_value", first.span, "Cannot run an empty program name");

  const variables = new Map(env.map(({ name, value }) => [name, value]));
  const words = [...command.items(), ...args.items()].map((item) => expand(item.value ?? "", variables));
  return { value: words, span: command.written ? command.span : written.span };
}

function readImage(written: Cursor<string>, problems: Problems): Image {
  const text = written.value ?? "host";
  const { span } = written;
  if (text === "host") return { kind: "host", text, span };
  if (text.startsWith("dir:") && text.length > "dir:".length) {
    return { kind: "dir", path: text.slice("dir:".length), text, span };
  }
  const hint = 'Use "host" (a view of this machine\'s programs) or "dir:PATH" (a directory with a root file system)';
  if (text === "dir:") problems.error("bad_value", span, 'Cannot use "dir:" without a path', hint);
  else {problems.error(
      "not_yet",
      span,
      `Cannot use image ${clipped(text)} yet: images are not pulled or unpacked`,
      hint,
    );}
  return { kind: "host", text, span };
}
