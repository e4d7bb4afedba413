/**
 * Statements: what the body of a function is written with.
 *
 * @module
 */

import { label, Program } from "../program.ts";
import { ARGUMENTS, type Label } from "../instruction.ts";
import { Expressions, type Linkage } from "./expression.ts";
import { Frame } from "./frame.ts";
import { Local, type Operand, type Test, toValue, Value } from "./value.ts";

/** One function under construction. */
export class Body {
  readonly #statements = new Program();
  readonly #frame = new Frame();
  readonly #expressions: Expressions;
  readonly #return = label("return");
  readonly #loopEnds: Label[] = [];

  constructor(linkage: Linkage) {
    this.#expressions = new Expressions(this.#statements, this.#frame, linkage);
  }

  /** A new variable, with its value from here on if one is given. */
  local(initial?: Operand): Local {
    const local = new Local(this.#frame.take());
    if (initial !== undefined) this.set(local, initial);
    return local;
  }

  /** The address of new memory on the stack; it holds anything. */
  buffer(bytes: number): Value {
    return new Value({ kind: "buffer", offset: this.#frame.buffer(bytes) });
  }

  /** `local = value`. */
  set(local: Local, value: Operand): void {
    this.#expressions.evaluate(toValue(value));
    this.#expressions.store(local.slot);
  }

  /** `local += value`. */
  add(local: Local, value: Operand): void {
    this.set(local, local.plus(value));
  }

  /** The byte at `address` = the low byte of `value`. */
  setByte(address: Operand, value: Operand, offset = 0): void {
    this.#expressions.storeTo("store8", toValue(address), offset, toValue(value));
  }

  /** The word at `address` = `value`. */
  setWord(address: Operand, value: Operand, offset = 0): void {
    this.#expressions.storeTo("store64", toValue(address), offset, toValue(value));
  }

  /** Computes a value for its effect. */
  do(value: Value): void {
    this.#expressions.evaluate(value);
  }

  /** `if (test) { … } else { … }`. */
  if(test: Test, then: () => void, otherwise?: () => void): void {
    const [not, end] = [label("else"), label("end if")];
    this.#expressions.branch(test, false, not);
    then();
    if (otherwise !== undefined) this.#statements.jump(end);
    this.#statements.place(not);
    otherwise?.();
    this.#statements.place(end);
  }

  /** `while (test) { … }`. */
  while(test: Test, body: () => void): void {
    const [again, end] = [label("while"), label("end while")];
    this.#statements.place(again);
    this.#expressions.branch(test, false, end);
    this.#loopEnds.push(end);
    body();
    this.#loopEnds.pop();
    this.#statements.jump(again);
    this.#statements.place(end);
  }

  /** `for (;;) { … }`. */
  forever(body: () => void): void {
    this.while({ kind: "all", tests: [] }, body);
  }

  /** Leaves the innermost loop. */
  stop(): void {
    const end = this.#loopEnds.at(-1);
    if (end === undefined) throw new SyntaxError("Cannot stop outside of a loop");
    this.#statements.jump(end);
  }

  /** Leaves the function with a value. */
  return(value: Operand): void {
    this.#expressions.evaluate(toValue(value));
    this.#statements.jump(this.#return);
  }

  /** Appends the finished function to a program: its arguments go to its parameters, then its statements follow. */
  finish(program: Program, parameters: readonly Local[]): void {
    const bytes = this.#frame.bytes;
    program.enter(bytes);
    ARGUMENTS.forEach((register, i) => {
      const parameter = parameters[i];
      if (parameter !== undefined) program.store64(register, "sp", this.#frame.offset(parameter.slot));
    });
    program.append(this.#statements);
    program.immediate("result", 0);
    program.place(this.#return);
    program.leave(bytes);
  }
}
