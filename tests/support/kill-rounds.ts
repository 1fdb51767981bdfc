import { once } from "node:events";
import type { Instance } from "./instance.ts";
import { killInit } from "./kill-init.ts";
import { processesOf } from "./leaks.ts";
import { seededRandom } from "./random.ts";
import { vmProcesses } from "./vm-processes.ts";

export interface KillRoundsOptions {
  readonly instance: Instance;
  /** A tar of a small root file system, see tiny-root.ts. */
  readonly archive: string;
  readonly seed: number;
  readonly rounds: number;
  /** No further round is begun after this many milliseconds. */
  readonly limitMs?: number;
  readonly report?: (line: string) => void;
}

export interface KillRoundsResult {
  readonly rounds: number;
  /** The longest that a client took to fail after its daemon or VM was killed. */
  readonly slowestEndMs: number;
  /** What clients said, with how often. */
  readonly said: ReadonlyMap<string, number>;
}

type Deed = "install" | "run" | "terminate" | "unregister" | "shutdown";
type Victim = "client" | "daemon" | "qemu" | "init";

const deeds: readonly Deed[] = ["install", "run", "terminate", "unregister", "shutdown"];
const victims: readonly Victim[] = ["client", "daemon", "qemu", "init"];

/** How long each deed takes on an idle machine without acceleration: a kill comes at a random moment of it. */
const typicalMs: Readonly<Record<Deed, number>> = {
  install: 3000,
  run: 1500,
  terminate: 600,
  unregister: 1000,
  shutdown: 800,
};
/** Distros that come and go; each is started in every round. */
const MAX_EXTRA = 3;
/** From a process's death to the daemon's knowing of it, on a busy machine. */
const NEWS_MS = 500;
/** One that is not undone or finished by then is left behind. */
const SETTLE_MS = 60_000;
const CLIENT_LIMIT_MS = 60_000;

/** Writes a tree of files and makes it last; the answer is its hash, see {@link hashTree}. */
const hashTree = "find /tree -type f | sort | while read f; do sha256sum $f; done | sha256sum";
const writeTree = (size: number): string =>
  `rm -rf /tree; mkdir -p /tree/a/b; for f in 1 2 3 a/4 a/b/5; do head -c ${size} /dev/urandom > /tree/$f; done; ` +
  `sync; ${hashTree}`;

/**
 * Kills client, daemon, QEMU or a distro's init (SIGKILL) at random moments of random deeds; after each, every distro
 * that was there before must be listed, run, and have its synced files. The same seed does the same things, though not
 * at the same instants. Throws at the first thing that is lost, with the seed and the round.
 */
export async function killRounds(options: KillRoundsOptions): Promise<KillRoundsResult> {
  const run = new KillRounds(options);
  return run.all();
}

class KillRounds {
  readonly #options: KillRoundsOptions;
  readonly #random: () => number;
  /** The hash of each distro that must be there. */
  readonly #expected = new Map<string, string>();
  readonly #said = new Map<string, number>();
  #slowestEndMs = 0;
  #serial = 0;

  constructor(options: KillRoundsOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  async all(): Promise<KillRoundsResult> {
    const { rounds, limitMs = Infinity } = this.#options;
    const started = performance.now();
    await this.#adopt("keep", await this.#install("keep"));
    let done = 0;
    for (; done < rounds && performance.now() - started < limitMs; done++) await this.#round(done);
    return { rounds: done, slowestEndMs: this.#slowestEndMs, said: this.#said };
  }

  async #round(number: number): Promise<void> {
    const { instance, seed, report } = this.#options;
    const deed = this.#chooseDeed();
    const victim = this.#choose(victims);
    const target = this.#targetOf(deed);
    const delay = Math.round(this.#random() * typicalMs[deed]);
    if (this.#random() < 0.25) await instance.ok(["shutdown"]);
    const what = `seed ${seed}, round ${number}: ${victim} killed ${delay} ms into ${deed} ${target}`;
    try {
      const outcome = await this.#perform(deed, target, { victim, delay });
      await this.#settle(deed, target, outcome);
      await this.#verify();
      report?.(`${what}: ${outcome.text}`);
    } catch (error) {
      throw new Error(`${what}: ${String(error)}`, { cause: error });
    }
  }

  /** Does the deed and kills the victim meanwhile. */
  async #perform(deed: Deed, target: string, kill: { victim: Victim; delay: number }): Promise<Outcome> {
    const { instance } = this.#options;
    const client = instance.spawn(this.#argumentsOf(deed, target));
    client.stdin?.end();
    let stderr = "";
    client.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    client.stdout?.resume();
    const closed = once(client, "close");
    await pause(kill.delay);
    const wasOver = client.exitCode !== null;
    const hit = this.#kill(kill.victim, wasOver ? undefined : client.pid);
    const killedAt = performance.now();
    const timer = setTimeout(() => client.kill("SIGABRT"), CLIENT_LIMIT_MS);
    await closed;
    clearTimeout(timer);
    await hit.ended;
    // Nobody was there to be told: a command that began at once would still be sent to the dead machine, and told of its death.
    if (wasOver) await pause(NEWS_MS);
    if (client.signalCode === "SIGABRT")
      throw new Error(`the client did not end within ${CLIENT_LIMIT_MS} ms: ${stderr}`);
    if ((kill.victim === "daemon" || kill.victim === "qemu") && client.exitCode !== 0)
      this.#slowestEndMs = Math.max(this.#slowestEndMs, performance.now() - killedAt);
    const words = /^tswsl: (?!Starting|Unpacking|Finishing|Removing|Stopping).*/m.exec(stderr)?.[0];
    const text = `${hit.found ? "" : "(nothing to kill) "}${words ?? `status ${client.exitCode}`}`;
    const key = `${kill.victim}, ${deed}: ${words?.replace(target, "NAME") ?? `status ${client.exitCode}`}`;
    this.#said.set(key, (this.#said.get(key) ?? 0) + 1);
    return { status: client.exitCode, text };
  }

  #argumentsOf(deed: Deed, target: string): string[] {
    switch (deed) {
      case "install":
        return ["install", "--from-file", this.#options.archive, "--name", target];
      case "run":
        return ["-d", target, "-e", "sh", "-c", "head -c 3000000 /dev/urandom > /root/scratch; sleep 1"];
      case "terminate":
        return ["terminate", target];
      case "unregister":
        return ["unregister", target, "--yes"];
      case "shutdown":
        return ["shutdown"];
    }
  }

  #kill(victim: Victim, client: number | undefined): { found: boolean; ended?: Promise<unknown> } {
    const { instance } = this.#options;
    if (victim === "init") {
      // A distro that does not run is started for it, which is as good a moment as any.
      return { found: true, ended: instance.run(["-d", "keep", "-e", "sh", "-c", killInit]) };
    }
    const pids =
      victim === "client"
        ? [client]
        : victim === "qemu"
          ? vmProcesses(instance.home)
          : daemonsOf(instance.home);
    const found = pids.filter((pid) => pid !== undefined);
    for (const pid of found) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended in the meantime.
      }
    }
    return { found: found.length > 0 };
  }

  /** What was under way is finished or undone, and the target is what the client was told. */
  async #settle(deed: Deed, target: string, { status }: Outcome): Promise<void> {
    const { instance } = this.#options;
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      // A start of the VM finishes what was interrupted.
      await instance.ok(["-d", "keep", "-e", "true"]);
      const states = await this.#states();
      const pending = [...states].filter(([, state]) => state === "installing" || state === "removing");
      if (pending.length === 0) break;
      if (performance.now() > deadline) throw new Error(`left behind: ${JSON.stringify(pending)}`);
      await pause(200);
    }
    const present = (await this.#states()).has(target);
    if (deed === "install") {
      if (status === 0 && !present) throw new Error(`${target} was said to be installed`);
      if (present) await this.#adopt(target, instance.ok(["-d", target, "-e", "true"]));
    }
    if (deed === "unregister") {
      if (status === 0 && present) throw new Error(`${target} was said to be removed`);
      if (!present) this.#expected.delete(target);
    }
  }

  /** Every distro is listed, runs, and has its files; there is one daemon and one VM. */
  async #verify(): Promise<void> {
    const { instance } = this.#options;
    const states = await this.#states();
    const names = [...states.keys()].toSorted();
    const expected = [...this.#expected.keys()].toSorted();
    if (names.join() !== expected.join())
      throw new Error(`listed: ${names.join()}; expected: ${expected.join()}`);
    const broken = [...states].filter(([, state]) => state === "broken");
    if (broken.length > 0) throw new Error(`broken: ${broken.join()}`);
    const hashes = await Promise.all(
      expected.map((name) => instance.ok(["-d", name, "-e", "sh", "-c", hashTree])),
    );
    for (const [index, name] of expected.entries()) {
      if (hashes[index] !== this.#expected.get(name)) throw new Error(`${name} has lost files`);
    }
    const [daemons, machines] = [daemonsOf(instance.home), vmProcesses(instance.home)];
    if (daemons.length === 1 && machines.length === 1) return;
    const processes = processesOf(instance.home).map(({ pid, command }) => `${pid} ${command}`);
    throw new Error(
      `${daemons.length} daemons and ${machines.length} virtual machines run:\n${processes.join("\n")}`,
    );
  }

  async #states(): Promise<Map<string, string>> {
    const { distros } = await this.#options.instance.json<{ distros: { name: string; state: string }[] }>([
      "list",
      "--all",
    ]);
    return new Map(distros.map(({ name, state }) => [name, state]));
  }

  async #install(name: string): Promise<void> {
    await this.#options.instance.ok(["install", "--from-file", this.#options.archive, "--name", name]);
  }

  /** From now on the distro must be there with the files that it gets here. */
  async #adopt(name: string, ready: unknown): Promise<void> {
    await ready;
    const size = 1000 + Math.floor(this.#random() * 100_000);
    const hash = await this.#options.instance.ok(["-d", name, "-e", "sh", "-c", writeTree(size)]);
    this.#expected.set(name, hash);
  }

  get #extra(): string[] {
    return [...this.#expected.keys()].filter((name) => name !== "keep");
  }

  #chooseDeed(): Deed {
    const deed = this.#choose(deeds);
    return deed === "unregister" && this.#extra.length === 0 ? "install" : deed;
  }

  #targetOf(deed: Deed): string {
    const extra = this.#extra;
    if (deed === "install" && extra.length < MAX_EXTRA) return `extra-${++this.#serial}`;
    // With enough of them there, an installation is refused because of its name: that must hold as well.
    if (deed === "install" || deed === "unregister") return this.#choose(extra);
    return this.#choose(["keep", ...extra]);
  }

  #choose<T>(from: readonly T[]): T {
    // The index is below the length of an array that is not empty.
    return from[Math.floor(this.#random() * from.length)] as T;
  }
}

interface Outcome {
  readonly status: number | null;
  readonly text: string;
}

function daemonsOf(home: string): number[] {
  return processesOf(home)
    .filter(({ command }) => command.includes("daemon.mjs") && !command.startsWith("flock"))
    .map(({ pid }) => pid);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
