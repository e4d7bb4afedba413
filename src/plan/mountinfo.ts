/**
 * A mount table as the kernel writes it (/proc/PID/mountinfo).
 *
 * Source: proc_pid_mountinfo(5); the kernel's Documentation/filesystems/proc.rst, section 3.5.
 *
 * @module
 */

/** A mount. Paths are relative to the root directory of the process whose table it is. */
export interface Mount {
  readonly id: number;
  readonly parentId: number;
  /** Which directory of the file system is mounted. */
  readonly root: string;
  /** The mount point. */
  readonly target: string;
  /** Options of this mount: `rw`, `nosuid` … */
  readonly options: readonly string[];
  /** Propagation: `shared:N`, `master:N`, `propagate_from:N`, `unbindable`; empty for a private mount. */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Options of the file system, which all its mounts have in common. */
  readonly superOptions: readonly string[];
}

/** The mounts of a table, in its order. Lines that are not such are left out, so that a later kernel's are no error. */
export function parseMountinfo(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const mount = parseLine(line);
    return mount === undefined ? [] : [mount];
  });
}

/** Whether nothing can be made in a mount, by its own options or by its file system's. */
export function isReadOnly({ options, superOptions }: Mount): boolean {
  return options.includes("ro") || superOptions.includes("ro");
}

/** Where a directory of the mounted file system is to be seen; `undefined` for one outside of what is mounted. */
export function pathInMount({ root, target }: Mount, directory: string): string | undefined {
  if (directory.split("/").includes("..")) return undefined;
  const base = root === "/" ? "" : root;
  const path = directory === "/" ? "" : directory;
  return path === base || path.startsWith(`${base}/`) ? target + path.slice(base.length) : undefined;
}

function parseLine(line: string): Mount | undefined {
  // Blanks in a field are escaped, and an empty source leaves two blanks: splitting at each is exact.
  const fields = line.split(" ");
  const [id, parentId, , root, target, options] = fields;
  // How many optional fields there are depends on the mount; a single hyphen ends them.
  const end = fields.indexOf("-", 6);
  const [type, source, superOptions] = end === -1 ? [] : fields.slice(end + 1);
  if (root === undefined || target === undefined || options === undefined || type === undefined) return undefined;
  return {
    id: Number(id),
    parentId: Number(parentId),
    root: unescapeOctal(root),
    target: unescapeOctal(target),
    options: list(options),
    propagation: fields.slice(6, end),
    type: unescapeOctal(type),
    source: unescapeOctal(source ?? ""),
    superOptions: list(superOptions ?? ""),
  };
}

/** Options at their commas; a comma within a value is escaped, so the split comes first. */
function list(text: string): string[] {
  return text === "" ? [] : text.split(",").map(unescapeOctal);
}

/** The kernel writes blanks, line feeds, `\`, `#` and in options `,` and `=` as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
