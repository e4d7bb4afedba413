/**
 * The table of system calls that the spawn routine (routine.ts) executes: how it lies in memory. Every field is 64 bits,
 * little-endian.
 *
 * A context leads to an array of records. Each record is one system call with its arguments; the routine writes its raw
 * result back into it.
 *
 * @module
 */

/** Bytes of the context. */
export const CONTEXT_BYTES = 32;

/** Fields of the context, by index. */
export const CONTEXT = {
  /** In: address of the first record. */
  records: 0,
  /** Out: address of the record that failed, in whichever process; 0 = none. Set it to 0 before. */
  failed: 1,
} as const;

/** Bytes of a record. */
export const RECORD_BYTES = 96;

/** Fields of a record, by index. */
export const RECORD = {
  /** System call number. */
  number: 0,
  /** The first of six arguments. */
  arguments: 1,
  /** Out: the raw result, -errno on failure. In: with `FLAG_PRETEND`. */
  result: 7,
  /** `FLAG_…`. */
  flags: 8,
  /** Address of a 64-bit slot that the result of a successful call goes to as well; 0 = none. With `FLAG_EXPECT` a value. */
  store: 9,
  /** An errno (positive) that is as good as success, without store and skip; 0 = none. */
  tolerated: 10,
  /**
   * How many of the following records to leave out if the call succeeded ("try this, else those"). With `FLAG_FORK` it
   * is for the parent, where that is a child itself: the records of its own child, after which its own go on.
   */
  skip: 11,
} as const;

/** The last record: the process that entered the routine returns 0, a child exits with 0. */
export const FLAG_LAST = 1 << 0;
/**
 * A clone or clone3 with `CLONE_VM | CLONE_VFORK`. In the child (result 0) the next record follows. The parent returns
 * the child's id if it is the process that entered the routine. If it is a child itself, it goes on after the `skip`
 * records of its child, or, without any, exits with 0.
 */
export const FLAG_FORK = 1 << 1;
/** Do not make the call: its result is in the record already. This is how faults are injected (negative results only). */
export const FLAG_PRETEND = 1 << 2;
/** Whatever error the call answers is tolerated. */
export const FLAG_IGNORE = 1 << 3;

/**
 * The call succeeds when its result is the value in the field `store`; any other result is tolerated: on to the next
 * record, without skip.
 */
export const FLAG_EXPECT = 1 << 4;

/** Argument `index` (0…5) is the address of a 64-bit slot that holds the value, e.g. one that an earlier call stored. */
export function flagIndirect(index: number): number {
  return 1 << (8 + index);
}

/** Exit status of a child whose call failed; `CONTEXT.failed` says which. */
export const EXIT_FAILED = 127;
