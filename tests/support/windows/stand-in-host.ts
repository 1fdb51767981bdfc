import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../../src/base/log.ts";
import { timeouts } from "../../../src/base/timeouts.ts";
import { findQemu } from "../../../src/vm/qemu/find-qemu.ts";
import { QemuNetworkService } from "../../../src/vm/qemu/network.ts";
import { QemuComputeService } from "../../../src/vm/qemu/service.ts";
import { processesOf } from "../leaks.ts";
import { ComputeCalls } from "./compute-calls.ts";
import { DiskCalls } from "./disk-calls.ts";
import { Faults, strike } from "./faults.ts";
import { HresultFailure, toFailure } from "./hresults.ts";
import { NetworkCalls } from "./network-calls.ts";
import { Session } from "./session.ts";
import { MessageReader, type Field, type Message } from "./wire.ts";

/** Answers one call of a library: its results, or throws a {@link HresultFailure}. */
type CallHandler = (
  session: Session,
  call: string,
  args: readonly Field[],
) => Promise<CallResult | undefined>;

export interface CallResult {
  readonly hresult?: number;
  readonly results: readonly Field[];
}

export interface StandInHostOptions {
  /** The Wine prefix whose drives paths are of. */
  readonly prefix: string;
  /** Remembers which accelerator works; by default a file of its own. */
  readonly acceleratorFile?: string;
}

/**
 * Hyper-V as a process on Linux: serves the calls that the stand-in libraries forward, with src/vm/qemu. Owns QEMU: the
 * machines of a process end with its connection. Says where it listens in the prefix's system32.
 */
export class StandInHost {
  readonly faults = new Faults();
  readonly sessions = new Set<Session>();
  /** How often each function was called since the host opened. */
  readonly calls = new Map<string, number>();
  readonly compute: ComputeCalls;
  readonly #network: NetworkCalls;
  readonly #disks: DiskCalls;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** On the command line of every QEMU of this host. */
  readonly directory: string;

  private constructor(server: Server, directory: string, options: StandInHostOptions) {
    this.#server = server;
    this.directory = directory;
    const { prefix, acceleratorFile = join(directory, "accelerator.json") } = options;
    const network = new QemuNetworkService();
    const path = `${directory}:${process.env["PATH"]}`;
    const service = new QemuComputeService({ network, acceleratorFile, log: silentLogger(), path });
    this.#network = new NetworkCalls(network);
    this.compute = new ComputeCalls({
      service,
      network: this.#network,
      prefix,
      directory,
      faults: this.faults,
    });
    this.#disks = new DiskCalls(prefix);
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async open(options: StandInHostOptions): Promise<StandInHost> {
    const directory = await mkdtemp(join(tmpdir(), "tswsl-stand-in-"));
    await writeVersionCache(directory);
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // The address of a server that listens on TCP.
    const { port } = server.address() as AddressInfo;
    await writeFile(join(options.prefix, "drive_c/windows/system32/tswsl-stand-in.port"), String(port));
    return new StandInHost(server, directory, options);
  }

  /** As when the service crashes: every connection drops, and with it every machine. It serves new ones afterwards. */
  async crash(): Promise<void> {
    for (const session of this.sessions) session.sever();
    await this.compute.idle();
  }

  /** As when every machine's worker process is killed. */
  killMachines(): void {
    for (const { pid } of processesOf(this.directory)) process.kill(pid, "SIGKILL");
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.compute.idle();
    await rm(this.directory, { recursive: true });
  }

  /** Machines, handles, strings and grants that nobody has released; what a process keeps for its life is not among them. */
  leftovers(): readonly string[] {
    const held = [...this.sessions].flatMap(({ role, held }) =>
      Object.entries(held()).flatMap(([what, count]) => (count === 0 ? [] : [`${role}: ${count} ${what}`])),
    );
    const machines = processesOf(this.directory).map(({ command }) => command);
    return [...held, ...machines, ...this.compute.grants().map((grant) => `granted: ${grant}`)];
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A process that is killed resets its connections.
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    const reader = new MessageReader();
    const onHello = (chunk: Buffer): void => {
      const hello = reader.pushForOne(chunk);
      if (!hello) return;
      socket.off("data", onHello);
      socket.pause();
      this.#greet(socket, hello, reader);
    };
    socket.on("data", onHello);
  }

  #greet(socket: Socket, [, role, ...facts]: Message, reader: MessageReader): void {
    switch (role) {
      case "serial":
        return this.compute.serialConnected(socket, facts);
      case "hvsocket":
        return this.compute.guestConnected(socket, facts);
      default:
        return this.#serve(new Session(role ?? "", socket), socket, reader);
    }
  }

  #serve(session: Session, socket: Socket, reader: MessageReader): void {
    this.sessions.add(session);
    session.whenGone(() => this.sessions.delete(session));
    const receive = (chunk: Buffer): void => {
      for (const message of reader.push(chunk)) void this.#dispatch(session, message);
    };
    socket.on("data", receive);
    receive(Buffer.alloc(0));
    socket.resume();
  }

  async #dispatch(session: Session, [kind, ...rest]: Message): Promise<void> {
    if (kind === "tell") {
      const [what, how] = rest;
      if (what === "given") session.strings.given++;
      if (what === "freed" && (how === "LocalFree" || how === "CoTaskMemFree")) session.strings[how]++;
      return;
    }
    const [id = "", call = "", ...args] = rest.map((field, index) => (index < 2 ? (field ?? "") : field));
    this.calls.set(String(call), (this.calls.get(String(call)) ?? 0) + 1);
    const { hresult = 0, results } = await this.#answer(session, String(call), args);
    session.send(["reply", id, String(hresult >>> 0), ...results]);
  }

  async #answer(session: Session, call: string, args: readonly Field[]): Promise<CallResult> {
    try {
      // Those of HCS strike in the middle of a call; all others are one step.
      if (!call.startsWith("Hcs")) await strike(this.faults.take(call));
      const handlers: readonly CallHandler[] = [
        this.compute.answer,
        this.#network.answer,
        this.#disks.answer,
      ];
      for (const handler of handlers) {
        const result = await handler(session, call, args);
        if (result) return result;
      }
      throw new Error(`nothing serves ${call}`);
    } catch (error) {
      const failure = error instanceof HresultFailure ? error : toFailure(error);
      return { hresult: failure.hresult, results: [failure.document ?? null] };
    }
  }
}

/** QEMU's dynamic linking takes most of the time of a machine that is created and not started; so its version is asked once. */
async function writeVersionCache(directory: string): Promise<void> {
  const { binary, version } = await findQemu(process.env["PATH"], AbortSignal.timeout(timeouts.qemuVersion));
  const script = `#!/bin/sh\n[ "$1" != --version ] || exec echo "QEMU emulator version ${version}"\nexec ${binary} "$@"\n`;
  await writeFile(join(directory, "qemu-system-x86_64"), script, { mode: 0o755 });
}
