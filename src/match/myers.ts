/**
 * The shortest edit between two sequences (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986), within a
 * bound on the work.
 *
 * @module
 */

/** One step of an edit: an item that both have, only the old has, or only the new has. Indices count from 0. */
export interface Edit {
  readonly kind: "same" | "removed" | "added";
  /** Position in the old sequence; for `added`, where it is put before. */
  readonly oldIndex: number;
  /** Position in the new sequence; for `removed`, where it would have been. */
  readonly newIndex: number;
}

/** Bounds of the search: its trace takes about `MAX_EDITS`² numbers, its time (old + new) × edits. */
const MAX_EDITS = 500;
const MAX_STEPS = 4_000_000;

/**
 * The edit that makes `before` into `after`. Where the shortest one is out of bounds, everything between the common
 * beginning and the common end is replaced.
 */
export function edits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;

  const found: Edit[] = [];
  for (let i = 0; i < head; i++) found.push({ kind: "same", oldIndex: i, newIndex: i });
  const oldMiddle = before.slice(head, before.length - tail);
  const newMiddle = after.slice(head, after.length - tail);
  const middle = shortest(oldMiddle, newMiddle) ?? replaced(oldMiddle.length, newMiddle.length);
  for (const edit of middle) {
    found.push({ kind: edit.kind, oldIndex: edit.oldIndex + head, newIndex: edit.newIndex + head });
  }
  for (let i = tail; i > 0; i--) found.push({ kind: "same", oldIndex: before.length - i, newIndex: after.length - i });
  return found;
}

function replaced(removed: number, added: number): readonly Edit[] {
  const found: Edit[] = [];
  for (let i = 0; i < removed; i++) found.push({ kind: "removed", oldIndex: i, newIndex: 0 });
  for (let i = 0; i < added; i++) found.push({ kind: "added", oldIndex: removed, newIndex: i });
  return found;
}

/** Undefined where it would take more edits than the bounds allow. */
function shortest(before: readonly string[], after: readonly string[]): readonly Edit[] | undefined {
  const total = before.length + after.length;
  const limit = Math.min(total, MAX_EDITS, Math.ceil(MAX_STEPS / Math.max(total, 1)));
  // furthest[k + offset]: how far into `before` the best path on diagonal k (x - y) has come.
  const offset = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let count = 0; count <= limit; count++) {
    trace.push(furthest.slice(offset - count - 1, offset + count + 2));
    for (let k = -count; k <= count; k += 2) {
      let x = startOf(k, count, (diagonal) => furthest[diagonal + offset] ?? 0);
      let y = x - k;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      furthest[k + offset] = x;
      if (x >= before.length && y >= after.length) return backtrack(trace, before.length, after.length);
    }
  }
  return undefined;
}

/** Whether the best way onto diagonal k is an added item, from the diagonal above it. */
function isAdded(k: number, count: number, furthest: (diagonal: number) => number): boolean {
  return k === -count || (k !== count && furthest(k - 1) < furthest(k + 1));
}

/** Where diagonal k starts after one more edit. */
function startOf(k: number, count: number, furthest: (diagonal: number) => number): number {
  return isAdded(k, count, furthest) ? furthest(k + 1) : furthest(k - 1) + 1;
}

/** The path, from its end: `trace[count]` is the state of the search before its edit number `count`. */
function backtrack(trace: readonly Int32Array[], oldLength: number, newLength: number): readonly Edit[] {
  const found: Edit[] = [];
  let x = oldLength;
  let y = newLength;
  for (let count = trace.length - 1; count > 0; count--) {
    const furthest = (diagonal: number): number => trace[count]?.[diagonal + count + 1] ?? 0;
    const k = x - y;
    const startX = startOf(k, count, furthest);
    while (x > startX && y > startX - k) found.push({ kind: "same", oldIndex: --x, newIndex: --y });
    if (isAdded(k, count, furthest)) found.push({ kind: "added", oldIndex: x, newIndex: --y });
    else found.push({ kind: "removed", oldIndex: --x, newIndex: y });
  }
  while (x > 0 && y > 0) found.push({ kind: "same", oldIndex: --x, newIndex: --y });
  return found.reverse();
}
