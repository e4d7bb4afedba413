/**
 * Debian packages that tests want, and how they come onto a machine where that may be.
 *
 * @module
 */

const OTHER = Deno.build.arch === "aarch64" ? "x86-64" : "aarch64";
const OTHER_FILE = OTHER.replace("-", "_");

/** Each package with a file that it brings. */
const WANTED: readonly (readonly [name: string, file: string])[] = [
  ["strace", "/usr/bin/strace"],
  ["crun", "/usr/bin/crun"],
  ["runc", "/usr/sbin/runc"],
  ["bubblewrap", "/usr/bin/bwrap"],
  ["busybox-static", "/bin/busybox"],
  ["binutils", "/usr/bin/objdump"],
  [`binutils-${OTHER}-linux-gnu`, `/usr/bin/${OTHER_FILE}-linux-gnu-objdump`],
  ["qemu-user-static", `/usr/bin/qemu-${OTHER_FILE}-static`],
  ["rsyslog", "/usr/sbin/rsyslogd"],
  ["gcc", "/usr/bin/gcc"],
  ["libc6-dev", "/usr/include/stdio.h"],
  ["libxml2-utils", "/usr/bin/xmllint"],
  ["zsh", "/usr/bin/zsh"],
];

/** Offline, a minute is long enough to find that out; a download may take longer. */
const UPDATE_MS = 60_000;
const INSTALL_MS = 600_000;

const OPTIONS = ["-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", "-o", "DPkg::Lock::Timeout=60"];

/** Where a package's scripts ask whether they may start services (invoke-rc.d(8)): 101 forbids it. */
const POLICY = "/usr/sbin/policy-rc.d";

/** Installs what is missing, if this is Debian and we are root. Says what it does, and what stays missing. */
export async function installPackages(say: (text: string) => void): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (Deno.uid() !== 0 || !isThere("/usr/bin/apt-get")) {
    say(`Not installed, so some tests are skipped: ${missing.join(" ")} (needs root and apt-get)`);
    return;
  }
  say(`Installing for the tests: ${missing.join(" ")}`);
  const policy = isThere(POLICY) ? undefined : POLICY;
  if (policy !== undefined) {
    await Deno.writeTextFile(policy, "#!/bin/sh\n# podlab: while the tests install packages\nexit 101\n", {
      mode: 0o755,
    });
  }
  try {
    await aptGet(["update"], UPDATE_MS);
    // One that a release does not have must not keep the others away.
    if (!await install(missing)) { for (const name of missing) await install([name]); }
  } finally {
    if (policy !== undefined) await Deno.remove(policy);
  }
  const still = missingPackages();
  if (still.length > 0) say(`Cannot install, so some tests are skipped: ${still.join(" ")}`);
}

function missingPackages(): string[] {
  return WANTED.filter(([, file]) => !isThere(file)).map(([name]) => name);
}

function install(names: readonly string[]): Promise<boolean> {
  return aptGet(["install", "-y", "--no-install-recommends", ...names], INSTALL_MS);
}

async function aptGet(args: readonly string[], timeoutMs: number): Promise<boolean> {
  const { success } = await new Deno.Command("/usr/bin/apt-get", {
    args: [...OPTIONS, ...args],
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(timeoutMs),
  }).output();
  return success;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
