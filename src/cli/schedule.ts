/**
 * In which order and how many at a time labs are run.
 *
 * @module
 */

/** How {@linkcode schedule} proceeds. */
export interface ScheduleOptions<J, R> {
  /** How many at a time. */
  readonly parallel: number;
  readonly start: (job: J) => Promise<R>;
  /** Instead of `start`, once the run is to end. */
  readonly leaveOut: (job: J) => R;
  /** Whether nothing more is to be started. */
  readonly isOver: (results: readonly R[]) => boolean;
}

/** Works jobs off, some at a time; the results are in the order of the jobs. */
export async function schedule<J, R>(jobs: readonly J[], options: ScheduleOptions<J, R>): Promise<R[]> {
  const { parallel, start, leaveOut, isOver } = options;
  const results = new Map<number, R>();
  const queue = jobs.entries();
  const work = async (): Promise<void> => {
    // The queue is shared: each worker takes what is next.
    for (const [index, job] of queue) {
      results.set(index, isOver([...results.values()]) ? leaveOut(job) : await start(job));
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, work));
  return jobs.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
