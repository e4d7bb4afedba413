/**
 * "Did you mean …?": the nearest of the names that would have been right.
 *
 * @module
 */

/** Texts longer than this are not compared: no name is that long, and the time grows with the square. */
const LENGTH_MAX = 64;

/**
 * The candidate that a person most probably meant: equal but for case or separators, else at most a third of its
 * letters away (one letter for short ones), a swap of neighbours counting once.
 */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length === 0 || written.length > LENGTH_MAX) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > LENGTH_MAX || candidate === written) continue;
    const distance = folded(written) === folded(candidate) ? 0 : editDistance(written, candidate);
    const allowed = Math.max(1, Math.floor(Math.max(written.length, candidate.length) / 3));
    // A single letter is one edit away from every other: nothing was recognised.
    const recognised = distance === 0 || (distance <= allowed && distance < Math.min(written.length, candidate.length));
    if (recognised && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The hint for a name that is none: what was probably meant, else everything that there is. */
export function suggestion(written: string, candidates: readonly string[], noun: string): string {
  const near = nearest(written, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return candidates.length === 0 ? `There are no ${noun}` : `${capitalised(noun)}: ${listed(candidates)}`;
}

/** Names in a row, with a limit that keeps it one line. */
export function listed(names: readonly string[], countMax = 24): string {
  const rest = names.length - countMax;
  return names.slice(0, countMax).join(", ") + (rest > 0 ? ` … and ${rest} more` : "");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll(/[-_. ]/gu, "");
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment distance). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, cell(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, cell(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
