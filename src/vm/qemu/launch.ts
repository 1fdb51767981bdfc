import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { parse } from "node:path";
import { Duplex, Readable, Writable } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { FIRST_LINK_FD } from "./channels.ts";

const isWindows = process.platform === "win32";

/** How much of QEMU's stderr is kept for the error text. */
const STDERR_BYTES = 16 * 1024;

export interface QemuProcess {
  readonly pid: number;
  readonly input: Writable;
  readonly output: Readable;
  /** Our ends of the services' streams, in the order of their descriptors. */
  readonly links: readonly Duplex[];
  /** The last of what QEMU complained of. */
  readonly complaints: () => string;
  /** Resolves when the process is gone and its stderr is read. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGKILL; nothing when it is gone. */
  readonly kill: () => void;
}

interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LaunchOptions {
  readonly binary: string;
  readonly args: readonly string[];
  /** Extra socket pairs, at descriptor {@link FIRST_LINK_FD} and up in the child. */
  readonly links: number;
  /** Open files of ours that the child inherits, at the descriptors after the links. */
  readonly files?: readonly number[];
}

/**
 * Starts QEMU so that it dies with this process, whatever way that ends. On Linux the kernel kills it with the thread that
 * called this (prctl(2), PR_SET_PDEATHSIG, through util-linux's setpriv); on Windows it is in the job object, with
 * JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, into which libuv puts every child that is not detached. Each link is a socket pair: Node makes extra "pipe" descriptors as
 * unix sockets, so nothing appears in the file system. Raises `unavailable` when the program cannot be started.
 */
export async function launchQemu({ binary, args, links, files = [] }: LaunchOptions): Promise<QemuProcess> {
  const [command, ...rest] = boundCommand([binary, ...args]);
  const child = spawn(command, rest, {
    stdio: ["pipe", "pipe", "pipe", ...Array.from({ length: links }, () => "pipe" as const), ...files],
    // Its messages are parsed: no translations. Nothing of the user's environment is its business.
    env: environment(),
    // The root; on Windows that of the drive with QEMU, which finds its files by its own path.
    cwd: parse(binary).root,
    windowsHide: true,
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new TswslError("unavailable", `cannot start QEMU: ${String(error)}`, {
      cause: error,
      hint: isWindows
        ? `Try it by hand: "${binary}" --version`
        : "QEMU is started through setpriv: apt-get install util-linux",
    });
  }
  return processOf(child, links);
}

type Command = readonly [string, ...string[]];

function boundCommand(command: Command): Command {
  return isWindows ? command : ["setpriv", "--pdeathsig", "KILL", "--", ...command];
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  // Windows's sockets do not start without it.
  return { PATH, LC_ALL: "C", ...(SystemRoot === undefined ? {} : { SystemRoot }) };
}

function processOf(child: ChildProcess, links: number): QemuProcess {
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || !stdin || !stdout || !stderr)
    throw new TswslError("internal", "QEMU was started without pipes");
  const tail = keepTail(stderr);
  const exited = Promise.all([once(child, "exit"), tail.ended]).then(
    // The arguments of the "exit" event (node:child_process).
    ([[code, signal]]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }),
  );
  return {
    pid,
    input: stdin,
    output: stdout,
    links: Array.from({ length: links }, (_, index) => linkOf(child, FIRST_LINK_FD + index)),
    complaints: tail.text,
    exited,
    kill: () => void child.kill("SIGKILL"),
  };
}

function linkOf(child: ChildProcess, fd: number): Duplex {
  const link: unknown = child.stdio[fd];
  if (!(link instanceof Duplex)) throw new TswslError("internal", `descriptor ${fd} of QEMU is not a stream`);
  // Until somebody connects nobody listens for errors; a stream that is read reports its end anyway.
  link.on("error", () => {});
  return link;
}

function keepTail(stream: Readable): { text: () => string; ended: Promise<void> } {
  let kept = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    kept = (kept + chunk).slice(-STDERR_BYTES);
  });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  stream.on("close", resolve);
  return { text: () => kept.trim(), ended };
}
