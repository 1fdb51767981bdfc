import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isTswslError, TswslError } from "../base/errors.ts";
import { throwIfAborted } from "../base/deadline.ts";
import type { Progress } from "../protocol/daemon.ts";
import { FrameConnection, type ExitStatus } from "../protocol/frame-channel.ts";
import { FrameType } from "../protocol/frames.ts";
import type { ArchiveDisk } from "./archive-disks.ts";
import type { RunningVm } from "./utility-vm.ts";
import type { OpenedArchive } from "./source/distro-source.ts";

/** tar's messages that are kept for an error's text. */
const MAX_MESSAGES = 4096;
/** Progress is reported each time so many more bytes have gone. */
const REPORT_BYTES = 1024 * 1024;

export interface ImportCall {
  readonly distro: string;
  readonly archive: OpenedArchive;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Has tar in the guest unpack an archive: a file as a disk, anything else as a stream, at the speed of the slower of the
 * two; waits for tar to finish. The answer is the archive's number of bytes. Raises `invalid-argument` with tar's own words for an archive that it refuses,
 * and what the source fails with.
 */
export async function importArchive(vm: RunningVm, call: ImportCall): Promise<number> {
  const { archive, signal } = call;
  // What is compressed is read by tar in small pieces, and only a plain tar is unpacked faster than it flows.
  const file = archive.compression === "none" ? archive.file : undefined;
  const disk = file === undefined ? undefined : await vm.archiveDisks.attach(file, signal);
  try {
    return await unpack(vm, call, disk);
  } finally {
    disk?.detach();
  }
}

async function unpack({ agent }: RunningVm, call: ImportCall, disk?: ArchiveDisk): Promise<number> {
  const { distro, archive, signal, report } = call;
  const { compression } = archive;
  const header = { kind: "import", distro, compression, disk: disk?.lun ?? null } as const;
  const stream = await agent.openStream(header, signal);
  const connection = new FrameConnection(stream, {
    sends: [FrameType.stdin],
    // tar prints nothing there, but its end of file comes all the same.
    receives: [FrameType.stdout, FrameType.stderr],
  });
  connection
    .readable(FrameType.stdout)
    .on("error", () => undefined)
    .resume();
  const giveUp = (): void => connection.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const messages = collect(connection);
    const counter = new Counter((done) => report({ phase: "Unpacking", done, ...total(archive) }));
    if (disk) report({ phase: "Unpacking" });
    const source = disk ? Readable.from([]) : archive.stream;
    const sent = pipeline(source, counter, connection.writable(FrameType.stdin)).catch(
      (error: unknown) => error,
    );
    const outcome = await connection.outcome.catch((error: unknown) => error);
    throwIfAborted(signal);
    await checkOutcome({ outcome, sendError: await sent, messages: await messages });
    return disk ? (archive.size ?? 0) : counter.bytes;
  } finally {
    signal.removeEventListener("abort", giveUp);
    connection.close();
  }
}

interface Ending {
  /** tar's exit status, or why there is none. */
  readonly outcome: unknown;
  readonly sendError: unknown;
  readonly messages: string;
}

/** Which of the two ends failed first decides what the user is told: a source's own error before tar's complaint. */
async function checkOutcome({ outcome, sendError, messages }: Ending): Promise<void> {
  if (isExitStatus(outcome)) {
    if (outcome.kind === "status" && outcome.value === 0 && !sendError) return;
    if (outcome.kind === "status" && outcome.value !== 0) throw refused(outcome.value, messages);
    if (outcome.kind === "signal")
      throw new TswslError("internal", `tar was ended by signal ${outcome.value}`);
  }
  if (isTswslError(sendError) && !isTswslError(sendError, "disconnected")) throw sendError;
  if (outcome instanceof Error && !isExitStatus(outcome)) throw outcome;
  throw sendError;
}

function refused(status: number, messages: string): TswslError {
  const lines = messages.trim().split("\n");
  const said = lines.find(
    (line) => !/Removing leading|Exiting with failure|Child returned|Error is not recoverable/.test(line),
  );
  const noSpace = /No space left on device/.test(messages);
  return new TswslError(
    noSpace ? "unavailable" : "invalid-argument",
    `the archive cannot be unpacked: ${said ?? `tar ended with ${status}`}`,
    {
      hint: noSpace
        ? "Free space on the disk that holds tswsl's store: tswsl status"
        : "Check that the file is whole: get it again, or compare its SHA-256.",
      details: { status },
    },
  );
}

function isExitStatus(value: unknown): value is ExitStatus {
  return typeof value === "object" && value !== null && "kind" in value && "value" in value;
}

function total({ size }: OpenedArchive): { total?: number } {
  return size === undefined ? {} : { total: size };
}

async function collect(connection: FrameConnection): Promise<string> {
  let text = "";
  try {
    // Channels give buffers.
    for await (const chunk of connection.readable(FrameType.stderr) as AsyncIterable<Buffer>) {
      if (text.length < MAX_MESSAGES) text += chunk.toString("utf8").slice(0, MAX_MESSAGES - text.length);
    }
  } catch {
    // The stream's end is judged by its outcome; what was said until then still helps.
  }
  return text;
}

/** Counts what passes through. */
class Counter extends Transform {
  bytes = 0;
  #reported = 0;
  readonly #report: (bytes: number) => void;

  constructor(report: (bytes: number) => void) {
    super();
    this.#report = report;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.bytes - this.#reported >= REPORT_BYTES) {
      this.#reported = this.bytes;
      this.#report(this.bytes);
    }
    done(null, chunk);
  }
}
