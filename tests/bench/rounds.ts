/**
 * Contenders take turns, so that what else the machine does meanwhile concerns all of them alike.
 *
 * @module
 */

/** Something whose time is taken. */
export interface Contender {
  readonly name: string;
  /** Does it once; milliseconds, or another unit for a figure that is not a time. */
  readonly once: () => Promise<number>;
  /** It takes part in each so many rounds only, because it is slow. */
  readonly every?: number;
  /** What its figures are in; `ms` by default. */
  readonly unit?: string;
  /** The contender that it is compared with. */
  readonly against?: string;
  /** What it is meant to reach. */
  readonly target?: string;
}

/** What a contender came to, or why it did not. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly runs: number;
  readonly median?: number;
  readonly min?: number;
  /** Median to median of the contender that it is compared with. */
  readonly ratio?: number;
  readonly against?: string;
  readonly target?: string;
  /** Why there are no figures. */
  readonly missing?: string;
}

/** How often. */
export interface Rounds {
  readonly rounds: number;
  /** Rounds before those that count, for those that take part in each. */
  readonly warmUps: number;
}

/** Lets all take turns. One that fails is out, with the reason. */
export async function takeTurns(contenders: readonly Contender[], { rounds, warmUps }: Rounds): Promise<Row[]> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const missing = new Map<string, string>();
  for (let round = -warmUps; round < rounds; round++) {
    for (const { name, once, every = 1 } of contenders) {
      if (missing.has(name) || (every > 1 && (round < 0 || round % every !== 0))) continue;
      try {
        const time = await once();
        if (round >= 0) times.get(name)?.push(time);
      } catch (error) {
        missing.set(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  const medians = new Map([...times].map(([name, values]) => [name, missing.has(name) ? NaN : median(values)]));
  return contenders.map(({ name, unit = "ms", against, target }) => {
    const values = times.get(name) ?? [];
    const reason = missing.get(name);
    const shown = { name, unit, runs: values.length, ...(target === undefined ? {} : { target }) };
    if (reason !== undefined || values.length === 0) return { ...shown, missing: reason ?? "no rounds" };
    const own = median(values);
    const other = against === undefined ? undefined : medians.get(against);
    const compared = against === undefined || other === undefined || Number.isNaN(other)
      ? {}
      : { against, ratio: own / other };
    return { ...shown, median: own, min: Math.min(...values), ...compared };
  });
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
