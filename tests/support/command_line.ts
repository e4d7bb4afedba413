/**
 * Runs the command line as a user does: in a process of its own.
 *
 * @module
 */

const MAIN = decodeURIComponent(new URL("../../src/main.ts", import.meta.url).pathname);

/** How to call it. */
export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before `deno`: a program that changes what the process may do. */
  readonly prefix?: readonly string[];
}

/** What came of a call. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The words of the command that runs `lab ARGS`. */
export function labCommand(args: readonly string[]): readonly [string, ...string[]] {
  return [Deno.execPath(), "run", "-A", "--no-prompt", "--no-check", MAIN, ...args];
}

/** The environment of a call: no colours, English, no CI. */
export function cleanEnv(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: "C", NO_COLOR: "1", ...env };
}

/** Runs `lab ARGS` to its end. */
export async function lab(args: readonly string[], options: CallOptions = {}): Promise<Called> {
  const [program = "", ...words] = [...options.prefix ?? [], ...labCommand(args)];
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: words,
    clearEnv: true,
    env: cleanEnv(options.env),
    stdin: "null",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
