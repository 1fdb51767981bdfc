import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { setTimeout as wait } from "node:timers/promises";
import { randomBytes } from "../tests/support/bytes.ts";
import { compared, inTurn, type Row } from "./rows.ts";

const execute = promisify(execFile);
/** The aim: a server in JavaScript beside one in C. */
const AIM = { atLeast: 0.7 } as const;
const PIECE_BYTES = 65_512;

interface Job {
  readonly name: string;
  readonly lanes: number;
  readonly count: number;
  /** What one of `count` is worth, and in what unit; without it, each is this many requests. */
  readonly requests: number;
  readonly megabytes?: number;
}

const megabytes = PIECE_BYTES / 1e6;
const jobs: readonly Job[] = [
  { name: "stat", lanes: 1, count: 3000, requests: 3 },
  { name: "stat", lanes: 16, count: 15_000, requests: 3 },
  { name: "cat", lanes: 1, count: 3000, requests: 4 },
  { name: "cat", lanes: 16, count: 10_000, requests: 4 },
  { name: "list", lanes: 1, count: 50, requests: 1000 },
  { name: "read", lanes: 1, count: 4000, requests: 1, megabytes },
  { name: "read", lanes: 16, count: 8000, requests: 1, megabytes },
  { name: "write", lanes: 1, count: 3000, requests: 1, megabytes },
  { name: "write", lanes: 16, count: 4000, requests: 1, megabytes },
];

/**
 * Our 9P server against diod: one folder, one load (nine-p-load.c, built here) over a unix socket, messages of 64 KiB since
 * diod has no larger ones. Needs no VM; gcc and diod.
 */
export async function ninePServer(): Promise<readonly Row[]> {
  const home = await mkdtemp(join(tmpdir(), "tswsl-bench-"));
  const servers: { stop(): Promise<void> }[] = [];
  try {
    const load = join(home, "load");
    await execute("gcc", ["-O2", "-o", load, join(import.meta.dirname, "nine-p-load.c")]);
    const folder = join(home, "export");
    await makeFolder(folder);
    const own = join(home, "own");
    const peer = join(home, "diod");
    const program = join(import.meta.dirname, "nine-p-serve.ts");
    servers.push(await started(own, process.execPath, [program, own, folder]));
    servers.push(
      await started(peer, "/usr/sbin/diod", ["-f", "-n", "-N", "-l", peer, "-e", folder, "-L", "/dev/null"]),
    );
    const rows: Row[] = [];
    for (const job of jobs) {
      const rate = async (socket: string, aname: string): Promise<number> => {
        const { stdout } = await execute(load, [socket, aname, job.name, `${job.lanes}`, `${job.count}`]);
        return (job.count * (job.megabytes ?? job.requests)) / Number(stdout);
      };
      const [value, peerValue] = await inTurn(
        () => rate(own, ""),
        () => rate(peer, folder),
      );
      const unit = job.megabytes === undefined ? "/s" : "MB/s";
      const name = `9P server: ${job.name}, ${job.lanes} at once`;
      rows.push(compared({ name, value, unit }, { name: "diod", value: peerValue }, AIM));
    }
    return rows;
  } finally {
    for (const server of servers) await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, "d"), { recursive: true });
  const small = randomBytes(4096);
  for (let index = 0; index < 1000; index += 1) await writeFile(join(folder, "d", `${index}`), small);
  await writeFile(join(folder, "large"), randomBytes(64 * 1024 * 1024));
}

/** A server as a process of its own, once its socket is there. */
async function started(
  socket: string,
  program: string,
  args: readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  const exited = once(child, "exit");
  for (let tries = 0; !existsSync(socket); tries += 1) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`${program} does not listen`);
    await wait(50);
  }
  return {
    stop: async () => {
      // Neither has anything to put away, and diod crashes at times when it is asked.
      child.kill("SIGKILL");
      await exited;
    },
  };
}
