/**
 * A process that does something each time it is sent a line, and answers with one.
 *
 * @module
 */

/** A running process, asked again and again: what it takes to start it is not measured. */
export class Coprocess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor([program = "", ...args]: readonly string[], env: Record<string, string> = {}) {
    this.#process = new Deno.Command(program, { args, env, stdin: "piped", stdout: "piped", stderr: "inherit" })
      .spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * Sends a line; resolves with the one that comes back.
   *
   * @throws {Error} If the process has ended.
   */
  async ask(request: string): Promise<string> {
    await this.#input.write(new TextEncoder().encode(`${request}\n`));
    return await this.answer();
  }

  /** Resolves with the next line that it writes. */
  async answer(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error("The process has ended instead of answering");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Lets it end by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
    await this.#output.cancel();
  }
}
