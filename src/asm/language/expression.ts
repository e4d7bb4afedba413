/**
 * Expressions → instructions. A value ends up in the register `result`; intermediate values wait in slots of the frame, so
 * that calls may use every other register.
 *
 * @module
 */

import { ARGUMENTS, type Condition, type Label, type Register } from "../instruction.ts";
import { label, type Program } from "../program.ts";
import type { Frame } from "./frame.ts";
import type { Definition, Node, Test, Value } from "./value.ts";

/** What is shared by all functions of a program while it is linked. */
export interface Linkage {
  /** The label of constant data, which is placed once. */
  data(bytes: Uint8Array): Label;
  /** The label of a constant text, likewise. */
  text(text: string): Label;
  /** The label of a function, which from now on is part of the program. */
  function(definition: Definition): Label;
}

/** What one register can hold without the help of another. */
type SimpleNode = Extract<Node, { kind: "constant" | "text" | "data" | "function" | "local" | "buffer" }>;

const SIMPLE: ReadonlySet<Node["kind"]> = new Set(["constant", "text", "data", "function", "local", "buffer"]);

function isSimple(node: Node): node is SimpleNode {
  return SIMPLE.has(node.kind);
}

/** Where memory of a buffer is from `sp`, if every architecture's instruction can reach that far. */
function nearOffset(op: "load64" | "load8" | "store64" | "store8", node: Node, offset: number): number | undefined {
  if (node.kind !== "buffer") return undefined;
  const whole = node.offset + offset;
  const isByte = op === "load8" || op === "store8";
  return isByte && whole < 4096 || !isByte && whole % 8 === 0 && whole < 32768 ? whole : undefined;
}

const INVERSE: Readonly<Record<Condition, Condition>> = {
  eq: "ne",
  ne: "eq",
  lt: "ge",
  le: "gt",
  gt: "le",
  ge: "lt",
  ltU: "geU",
  leU: "gtU",
  gtU: "leU",
  geU: "ltU",
};

/** Writes expressions of one function. */
export class Expressions {
  readonly #p: Program;
  readonly #frame: Frame;
  readonly #linkage: Linkage;

  constructor(program: Program, frame: Frame, linkage: Linkage) {
    this.#p = program;
    this.#frame = frame;
    this.#linkage = linkage;
  }

  /** `result` = value. */
  evaluate({ node }: Value): void {
    switch (node.kind) {
      case "arithmetic": {
        const operand = this.#both(node.left, node.right);
        return this.#p[node.op]("result", operand);
      }
      case "divide":
        this.#inRegisters(node.left, node.right);
        this.#p.divide();
        return node.part === "remainder" ? this.#p.move("result", "t1") : undefined;
      case "shift":
        this.evaluate(node.value);
        return this.#p[node.op]("result", node.bits);
      case "load": {
        const near = nearOffset(node.op, node.address.node, node.offset);
        if (near !== undefined) return this.#p[node.op]("result", "sp", near);
        this.evaluate(node.address);
        return this.#p[node.op]("result", "result", node.offset);
      }
      case "call":
        this.#arguments(node.arguments);
        return this.#p.call(this.#linkage.function(node.definition));
      case "system":
        this.#arguments(node.arguments);
        return this.#p.systemCall(node.call);
      default:
        return this.#put("result", node);
    }
  }

  /** A slot = `result`. */
  store(slot: number): void {
    this.#p.store64("result", "sp", this.#frame.offset(slot));
  }

  /** Writes a byte or word to memory. */
  storeTo(op: "store64" | "store8", address: Value, offset: number, value: Value): void {
    const near = nearOffset(op, address.node, offset);
    if (near !== undefined) {
      this.evaluate(value);
      return this.#p[op]("result", "sp", near);
    }
    this.#inRegisters(address, value);
    this.#p[op]("t0", "result", offset);
  }

  /** Goes to `target` if the test's answer is `wanted`, else on with what follows. */
  branch(test: Test, wanted: boolean, target: Label): void {
    if (test.kind === "compare") {
      const operand = this.#both(test.left, test.right);
      const condition = wanted ? test.condition : INVERSE[test.condition];
      return this.#p.branch("result", condition, operand, target);
    }
    const decides = test.kind === "any"; // one such answer settles it
    if (wanted === decides) {
      for (const part of test.tests) this.branch(part, wanted, target);
      return;
    }
    const settled = label("settled");
    test.tests.forEach((part, i) => {
      const isLast = i === test.tests.length - 1;
      if (isLast) this.branch(part, wanted, target);
      else this.branch(part, !wanted, settled);
    });
    this.#p.place(settled);
  }

  /** `result` = left; where right is then: in `t0`, or a constant for the instruction itself. */
  #both(left: Value, right: Value): Register | number {
    if (right.node.kind === "constant" && BigInt.asIntN(32, right.node.value) === right.node.value) {
      this.evaluate(left);
      return Number(right.node.value);
    }
    this.#inRegisters(left, right);
    return "t0";
  }

  /** `result` = left, `t0` = right, computed in this order. */
  #inRegisters(left: Value, right: Value): void {
    this.evaluate(left);
    if (isSimple(right.node)) return this.#put("t0", right.node);
    const slot = this.#frame.take();
    this.store(slot);
    this.evaluate(right);
    this.#p.move("t0", "result");
    this.#restore("result", slot);
  }

  /** The argument registers = values. Those that need computing come first, since it may use any register. */
  #arguments(values: readonly Value[]): void {
    if (values.length > ARGUMENTS.length) throw new RangeError(`Cannot pass ${values.length} arguments: six at most`);
    const saved = values.map((value) => isSimple(value.node) ? undefined : this.#save(value));
    ARGUMENTS.forEach((register, i) => {
      const [node, slot] = [values[i]?.node, saved[i]];
      if (slot !== undefined) this.#restore(register, slot);
      else if (node !== undefined && isSimple(node)) this.#put(register, node);
    });
  }

  #save(value: Value): number {
    const slot = this.#frame.take();
    this.evaluate(value);
    this.store(slot);
    return slot;
  }

  #restore(register: Register, slot: number): void {
    this.#p.load64(register, "sp", this.#frame.offset(slot));
    this.#frame.release(slot);
  }

  /** A register = what needs no computing; no other register changes. */
  #put(register: Register, node: SimpleNode): void {
    switch (node.kind) {
      case "constant":
        return this.#p.immediate(register, node.value);
      case "text":
        return this.#p.address(register, this.#linkage.text(node.text));
      case "data":
        return this.#p.address(register, this.#linkage.data(node.bytes));
      case "function":
        return this.#p.address(register, this.#linkage.function(node.definition));
      case "local":
        return this.#p.load64(register, "sp", this.#frame.offset(node.slot));
      case "buffer":
        this.#p.move(register, "sp");
        return this.#p.add(register, node.offset);
    }
  }
}
