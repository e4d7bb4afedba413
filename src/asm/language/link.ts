/**
 * Functions → a whole program: the first function, all that it calls, and the data that they use.
 *
 * @module
 */

import { ARGUMENTS, type Label } from "../instruction.ts";
import { label, Program } from "../program.ts";
import { Body } from "./body.ts";
import type { Linkage } from "./expression.ts";
import type { Callable, Definition, Local } from "./value.ts";

/**
 * A program that starts by calling `main` with the address that `sp` has at the start (argc, argv and so on: execve(2)) and
 * ends with its answer as exit status.
 */
export function link(main: Callable<[stack: Local]>): Program {
  const program = new Program();
  const linkage = new Links();
  program.move("a0", "sp");
  program.call(linkage.function(main.definition));
  program.move("a0", "result");
  program.systemCall("exit_group");
  for (const definition of linkage.functions) writeFunction(program, definition, linkage); // it grows meanwhile
  linkage.placeData(program);
  return program;
}

function writeFunction(program: Program, definition: Definition, linkage: Linkage): void {
  const body = new Body(linkage);
  const parameters = ARGUMENTS.slice(0, definition.parameters).map(() => body.local());
  definition.write(body, parameters);
  program.place(definition.label);
  body.finish(program, parameters);
}

/** What the program is made of so far. */
class Links implements Linkage {
  readonly functions = new Set<Definition>();
  readonly #texts = new Map<string, Label>();
  readonly #data = new Map<Uint8Array, Label>();

  function(definition: Definition): Label {
    this.functions.add(definition);
    return definition.label;
  }

  text(text: string): Label {
    return labelOf(this.#texts, text);
  }

  data(bytes: Uint8Array): Label {
    return labelOf(this.#data, bytes);
  }

  placeData(program: Program): void {
    const encoder = new TextEncoder();
    for (const [bytes, label] of this.#data) {
      program.place(label);
      program.bytes(bytes);
    }
    for (const [text, label] of this.#texts) {
      program.place(label);
      program.bytes(encoder.encode(text + "\0"));
    }
  }
}

function labelOf<Key>(labels: Map<Key, Label>, key: Key): Label {
  const known = labels.get(key) ?? label("data");
  labels.set(key, known);
  return known;
}
