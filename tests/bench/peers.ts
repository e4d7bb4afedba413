/**
 * Other engines, each with the settings that let it run on a machine without CAP_SYS_RESOURCE and with a hybrid cgroup
 * layout. All execute the same program in the same root file system.
 *
 * @module
 */

import { Coprocess } from "./coprocess.ts";
import { AT_ONCE } from "./labs.ts";

/** An engine, ready to be asked. */
export interface Peer {
  readonly name: string;
  /** Milliseconds for one container that ends at once, or for a pod of two that stay. */
  readonly once: () => Promise<number>;
}

/** An engine that cannot be asked. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** What an engine's shell is told: what is timed, and what is not, before all or after each time. */
interface Script {
  readonly before?: string;
  readonly timed: string;
  readonly after?: string;
  readonly env?: Record<string, string>;
}

/** Engines with their coprocesses. */
export class Peers implements AsyncDisposable {
  readonly #shells: AsyncDisposableStack = new AsyncDisposableStack();
  readonly #directory: string;
  readonly #root: string;

  /** Files go into `directory`; `root` is the containers' root file system. */
  constructor(directory: string, root: string) {
    this.#directory = directory;
    this.#root = root;
  }

  /** A process without any container: what the shell, fork and exec cost that the engines' figures contain. */
  process(): Promise<Peer | Missing> {
    return this.#peer("a process in no container", `${this.#root}/bin/toolbox`, {
      timed: `${this.#root}${AT_ONCE.join(" ")}`,
    });
  }

  bubblewrap(): Promise<Peer | Missing> {
    const flags = "--proc /proc --dev /dev --unshare-all --die-with-parent --new-session";
    return this.#peer("bwrap", "bwrap", { timed: `bwrap --ro-bind ${this.#root} / ${flags} ${AT_ONCE.join(" ")}` });
  }

  /** crun 1.8 to 1.28 refuses hosts whose v2 mount has controllers beside v1; in this shell's own mounts it is not there. */
  async crun(): Promise<Peer | Missing> {
    const before = "umount /sys/fs/cgroup/unified 2>/dev/null; true";
    return await this.#runtime("crun", { before });
  }

  runc(): Promise<Peer | Missing> {
    return this.#runtime("runc", {});
  }

  podman(): Promise<Peer | Missing> {
    const { command, ...script } = this.#podman("p1");
    return this.#peer("podman run", "podman", {
      ...script,
      timed: `${command} run --rm ${IMAGE} ${AT_ONCE.join(" ")}`,
    });
  }

  podmanPod(): Promise<Peer | Missing> {
    const { command, ...script } = this.#podman("p2");
    const run = `${command} run -d --pod podlab-bench --memory 64m --cpus 0.5 ${IMAGE} /bin/toolbox sleep infinity`;
    return this.#peer("podman pod create, two podman run -d", "podman", {
      ...script,
      timed: `${command} pod create --name podlab-bench --network none && ${run} && ${run}`,
      after: `${command} pod rm -f -t 0 podlab-bench`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shells[Symbol.asyncDispose]();
  }

  /** An OCI runtime, with the configuration that it proposes itself. */
  async #runtime(name: string, script: Partial<Script>): Promise<Peer | Missing> {
    const bundle = `${this.#directory}/${name}`;
    Deno.mkdirSync(`${bundle}/state`, { recursive: true });
    try {
      const { success } = await new Deno.Command(name, { args: ["spec"], cwd: bundle, stderr: "null" }).output();
      if (!success) return { name, reason: `${name} spec failed` };
    } catch {
      return { name, reason: "not installed" };
    }
    const config = JSON.parse(Deno.readTextFileSync(`${bundle}/config.json`));
    config.process.terminal = false;
    config.process.args = AT_ONCE;
    config.root.path = this.#root;
    Deno.writeTextFileSync(`${bundle}/config.json`, JSON.stringify(config));
    return await this.#peer(`${name} run`, name, {
      ...script,
      timed: `${name} --root ${bundle}/state run -b ${bundle} podlab-bench-${Deno.pid}`,
    });
  }

  /** Everything of podman's is in our directory: its storage, its state, its settings. */
  #podman(name: string): Pick<Script, "before" | "env"> & { readonly command: string } {
    // A runroot of podman's may have at most 50 characters.
    const home = `${this.#directory}/${name}`;
    Deno.mkdirSync(home);
    Deno.writeTextFileSync(`${home}/containers.conf`, PODMAN_SETTINGS);
    const places = ["root", "runroot", "tmpdir"].map((place) => `--${place} ${home}/${place}`).join(" ");
    const command = `podman ${places} --storage-driver overlay`;
    return {
      command,
      before: `tar -C ${this.#root} -cf ${home}/image.tar . && ${command} import ${home}/image.tar ${IMAGE}`,
      env: { CONTAINERS_CONF: `${home}/containers.conf` },
    };
  }

  /** Starts an engine's shell, whose mounts are its own, and tries the engine once. */
  async #peer(name: string, program: string, { before = "true", timed, after, env }: Script): Promise<Peer | Missing> {
    if (!await isInstalled(program)) return { name, reason: "not installed" };
    const log = `${this.#directory}/${name.replaceAll(/\W+/g, "-")}.log`;
    const loop = `read -r what || exit 0; if [ "$what" = timed ]; then { ${timed}; } >"$0" 2>&1; ` +
      `else { ${after ?? "true"}; } >/dev/null 2>&1; fi; echo $?`;
    const script = `{ ${before}; } >"$0" 2>&1; echo $?; while :; do ${loop}; done`;
    const shell = this.#shells.use(new Coprocess(["unshare", "-m", "sh", "-c", script, log], env));
    const failure = (): Missing => ({ name, reason: lastLine(log) });
    if (await shell.answer() !== "0") return failure();
    const once = async (): Promise<number> => {
      const begun = performance.now();
      const status = await shell.ask("timed");
      const taken = performance.now() - begun;
      if (after !== undefined) await shell.ask("after");
      if (status !== "0") throw new Error(lastLine(log));
      return taken;
    };
    try {
      await once();
      return { name, once };
    } catch {
      return failure();
    }
  }
}

const IMAGE = "localhost/podlab-bench";

/** podman's own default for nofile needs CAP_SYS_RESOURCE; crun refuses hybrid hosts. */
const PODMAN_SETTINGS = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "none"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

async function isInstalled(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", 'command -v "$0"', program], stdout: "null" })
    .output();
  return success;
}

function lastLine(path: string): string {
  return Deno.readTextFileSync(path).trim().split("\n").at(-1) || "it failed and said nothing";
}
