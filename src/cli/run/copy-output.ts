import { once } from "node:events";
import type { Readable } from "node:stream";
import type { OutputStream } from "../cli.ts";

export interface OutputSink {
  /** Awaited before anything is written. */
  readonly beforeFirst: () => Promise<void>;
  /** Holds a token for each wait for a reader. */
  readonly waits: Set<symbol>;
  /** Called when the output cannot be written any more: `| head -1` has read its line, the disk is full. */
  readonly onBroken: (error: NodeJS.ErrnoException) => void;
}

/** Copies a channel to a standard stream, as fast as that takes it. Resolves when all has been handed over. */
export async function copyOutput(channel: Readable, output: OutputStream, sink: OutputSink): Promise<void> {
  const broken = new AbortController();
  const onError = (error: NodeJS.ErrnoException): void => {
    broken.abort();
    sink.onBroken(error);
  };
  output.on("error", onError);
  try {
    for await (const chunk of channel) {
      await sink.beforeFirst();
      if (output.write(chunk)) continue;
      const wait = Symbol("drain");
      sink.waits.add(wait);
      await once(output, "drain", { signal: broken.signal });
      sink.waits.delete(wait);
    }
  } finally {
    output.off("error", onError);
  }
}
