/**
 * Texts in memory: bytes, ended by a byte 0.
 *
 * @module
 */

import { all, any, type Callable, define, type Local, type Test, type Value } from "../language/value.ts";

/** The code of an ASCII character. */
export function code(character: string): number {
  return character.charCodeAt(0);
}

function isDigit(byte: Value): Test {
  return all(byte.is(">=", code("0")), byte.is("<=", code("9")));
}

function timesTen(value: Local): Value {
  return value.shiftedLeft(3).plus(value.shiftedLeft(1));
}

/** Its bytes, without the last 0. */
export const textLength: Callable<[text: Local]> = define("textLength", (f, text: Local) => {
  const at = f.local(text);
  f.while(at.byte().is("!=", 0), () => f.add(at, 1));
  f.return(at.minus(text));
});

/** 1 if both are the same, else 0. */
export const isSameText: Callable<[left: Local, right: Local]> = define(
  "isSameText",
  (f, left: Local, right: Local) => {
    f.while(left.byte().is("==", right.byte()), () => {
      f.if(left.byte().is("==", 0), () => f.return(1));
      f.add(left, 1);
      f.add(right, 1);
    });
  },
);

/** The address after `prefix` if `text` starts with it, else 0. */
export const afterPrefix: Callable<[text: Local, prefix: Local]> = define(
  "afterPrefix",
  (f, text: Local, prefix: Local) => {
    f.while(prefix.byte().is("!=", 0), () => {
      f.if(text.byte().is("!=", prefix.byte()), () => f.return(0));
      f.add(text, 1);
      f.add(prefix, 1);
    });
    f.return(text);
  },
);

/** The address of the first `byte` in `text`, else 0. */
export const findByte: Callable<[text: Local, byte: Local]> = define("findByte", (f, text: Local, byte: Local) => {
  f.while(text.byte().is("!=", 0), () => {
    f.if(text.byte().is("==", byte), () => f.return(text));
    f.add(text, 1);
  });
});

/** The address of the first `part` in `text`, else 0. */
export const findText: Callable<[text: Local, part: Local]> = define("findText", (f, text: Local, part: Local) => {
  f.while(text.byte().is("!=", 0), () => {
    f.if(afterPrefix(text, part).is("!=", 0), () => f.return(text));
    f.add(text, 1);
  });
});

/** 1 if `text` ends with `end`, else 0. */
export const endsWith: Callable<[text: Local, end: Local]> = define("endsWith", (f, text: Local, end: Local) => {
  const before = f.local(textLength(text).minus(textLength(end)));
  f.if(before.is("<", 0), () => f.return(0));
  f.return(isSameText(text.plus(before), end));
});

/** Copies `text` to `to`, at most up to `end`, with a last 0; the address of that 0. */
export const copyText: Callable<[to: Local, end: Local, text: Local]> = define(
  "copyText",
  (f, to: Local, end: Local, text: Local) => {
    f.while(all(text.byte().is("!=", 0), to.plus(1).is("<", end)), () => {
      f.setByte(to, text.byte());
      f.add(to, 1);
      f.add(text, 1);
    });
    f.setByte(to, 0);
    f.return(to);
  },
);

/** Writes a number in decimal to `to`; the address after its last digit. 20 bytes are enough. */
export const formatDecimal: Callable<[to: Local, value: Local]> = define(
  "formatDecimal",
  (f, to: Local, value: Local) => {
    const digits = f.buffer(24);
    const at = f.local(digits.plus(24));
    f.forever(() => {
      f.add(at, -1);
      f.setByte(at, value.modulo(10).plus(code("0")));
      f.set(value, value.dividedBy(10));
      f.if(value.is("==", 0), () => f.stop());
    });
    f.while(at.is("<", digits.plus(24)), () => {
      f.setByte(to, at.byte());
      f.add(to, 1);
      f.add(at, 1);
    });
    f.return(to);
  },
);

/** The address after the digits that `text` starts with. */
export const afterDigits: Callable<[text: Local]> = define("afterDigits", (f, text: Local) => {
  f.while(isDigit(text.byte()), () => f.add(text, 1));
  f.return(text);
});

/** The value of the digits from `text` up to `end`; -1 if there are none, or more than 18, which may be too many. */
export const decimalValue: Callable<[text: Local, end: Local]> = define(
  "decimalValue",
  (f, text: Local, end: Local) => {
    const length = f.local(end.minus(text));
    f.if(any(length.is("==", 0), length.is(">", 18)), () => f.return(-1));
    const value = f.local(0);
    f.while(text.is("<", end), () => {
      f.set(value, timesTen(value).plus(text.byte().minus(code("0"))));
      f.add(text, 1);
    });
    f.return(value);
  },
);

/** The number that the whole text is, at most `limit`; else -1. */
export const parseNumber: Callable<[text: Local, limit: Local]> = define(
  "parseNumber",
  (f, text: Local, limit: Local) => {
    const end = f.local(afterDigits(text));
    f.if(end.byte().is("!=", 0), () => f.return(-1));
    const value = f.local(decimalValue(text, end));
    f.if(value.is(">", limit), () => f.return(-1));
    f.return(value);
  },
);

/** The largest TCP or UDP port. */
export const PORT_MAX = 65535;

const BINARY_UNITS = { Ki: 10, Mi: 20, Gi: 30 } as const;
const DECIMAL_UNITS = { k: 3, M: 6, G: 9 } as const;

/** Bytes from a quantity as Kubernetes writes them: `1000`, `64Mi`, `1G`; -1 if it is none. */
export const parseBytes: Callable<[text: Local]> = define("parseBytes", (f, text: Local) => {
  const unit = f.local(afterDigits(text));
  f.if(unit.minus(text).is(">", 9), () => f.return(-1)); // no unit makes it too large for a word
  const value = f.local(decimalValue(text, unit));
  f.if(any(value.is("<", 0), unit.byte().is("==", 0)), () => f.return(value));
  for (const [name, bits] of Object.entries(BINARY_UNITS)) {
    f.if(isSameText(unit, name).is("!=", 0), () => f.return(value.shiftedLeft(bits)));
  }
  for (const [name, zeros] of Object.entries(DECIMAL_UNITS)) {
    f.if(isSameText(unit, name).is("!=", 0), () => {
      for (let i = 0; i < zeros; i++) f.set(value, timesTen(value));
      f.return(value);
    });
  }
  f.return(-1);
});

const NANOSECOND_DIGITS = 9;

/** Writes the seconds that the text says, `2` or `0.25`, as a struct timespec to `to`; 0, or -1 if it says none. */
export const parseSeconds: Callable<[text: Local, to: Local]> = define("parseSeconds", (f, text: Local, to: Local) => {
  const end = f.local(afterDigits(text));
  const seconds = f.local(decimalValue(text, end));
  f.if(seconds.is("<", 0), () => f.return(-1));
  f.setWord(to, seconds);
  const nanoseconds = f.local(0);
  f.if(end.byte().is("==", code(".")), () => f.add(end, 1));
  for (let i = 0; i < NANOSECOND_DIGITS; i++) {
    f.set(nanoseconds, timesTen(nanoseconds));
    f.if(isDigit(end.byte()), () => {
      f.add(nanoseconds, end.byte().minus(code("0")));
      f.add(end, 1);
    });
  }
  f.setWord(to, nanoseconds, 8);
  f.if(end.byte().is("!=", 0), () => f.return(-1));
});
