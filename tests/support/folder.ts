/**
 * Temporary directories that tests fill.
 *
 * @module
 */

import { dirname } from "node:path/posix";

/** A directory that goes with its scope. */
export class Folder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "podlab-test-" });

  /** @param files Texts by path in the directory. */
  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files)) {
      Deno.mkdirSync(dirname(this.at(name)), { recursive: true });
      if (typeof content === "string") Deno.writeTextFileSync(this.at(name), content);
      else Deno.writeFileSync(this.at(name), content);
    }
  }

  /** The path of something in it. */
  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Removes it with all that is in it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
