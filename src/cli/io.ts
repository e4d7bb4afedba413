/**
 * What commands write to and know of their surroundings.
 *
 * @module
 */

/** Standard output and error, and what is known of them. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly env: (name: string) => string | undefined;
  /** Columns of the terminal. */
  readonly columns: () => number;
  /** The commands, where the command's name was left out: a word that is no lab may be one of them misspelt. */
  readonly commands: readonly string[];
}

/** This process's streams. */
export function processIo(commands: readonly string[]): Io {
  return {
    out: writer(Deno.stdout),
    err: writer(Deno.stderr),
    outIsTerminal: Deno.stdout.isTerminal(),
    errIsTerminal: Deno.stderr.isTerminal(),
    env: (name) => Deno.env.get(name),
    columns,
    commands,
  };
}

/** Whether to use colours on a stream: as asked for, else on a terminal that has not been told otherwise (no-color.org). */
export function useColor(io: Io, isTerminal: boolean, asked?: boolean): boolean {
  if (asked !== undefined) return asked;
  return isTerminal && (io.env("NO_COLOR") ?? "") === "" && io.env("TERM") !== "dumb";
}

/** The language that the environment asks for (locale(7): LC_ALL before LC_MESSAGES before LANG). */
export function languageOf(io: Io): "en" | "zh" {
  const locale = ["LC_ALL", "LC_MESSAGES", "LANG"].map(io.env).find((value) => value !== undefined && value !== "");
  return /^zh(?![a-z])/i.test(locale ?? "") ? "zh" : "en";
}

/** Writes all of a text. Once the reader is gone (`lab list | head -1`), there is nobody to tell. */
function writer(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  let isOpen = true;
  return (text) => {
    const bytes = encoder.encode(text);
    for (let written = 0; isOpen && written < bytes.length;) {
      try {
        written += stream.writeSync(bytes.subarray(written));
      } catch (error) {
        // Whoever shares the stream may have made it non-blocking; a slow reader then means EAGAIN.
        if (error instanceof Deno.errors.WouldBlock) pause();
        else if (error instanceof Deno.errors.BrokenPipe) isOpen = false;
        else throw error;
      }
    }
  };
}

const PAUSE_MS = 2;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

const COLUMNS_DEFAULT = 80;

function columns(): number {
  try {
    return Deno.consoleSize().columns || COLUMNS_DEFAULT;
  } catch {
    return COLUMNS_DEFAULT; // Neither stream is a terminal.
  }
}
