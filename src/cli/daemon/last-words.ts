import { open } from "node:fs/promises";

const MAX_BYTES = 64 * 1024;

/** What a daemon that ended said about it. */
export interface LastWords {
  readonly message: string;
  readonly hint: string | undefined;
}

/**
 * What was written into the log after `position`: the daemon's own complaint (`tswsld: …`, then `  → …`), else the last
 * line, but for the stack, that speaks of an error, since Node ends a crash with its version, else the last line.
 */
export async function lastWords(log: string, position: number): Promise<LastWords | undefined> {
  const handle = await open(log).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES), { position });
    return findWords(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}

function findWords(text: string): LastWords | undefined {
  const complaint = /^tswsld: (.*)(?:\n {2}→ (.*))?/m.exec(text);
  if (complaint?.[1] !== undefined) return { message: complaint[1], hint: complaint[2] };
  const lines = text.split("\n").filter((line) => !/^\s*(?:at .*)?$/.test(line));
  const line = lines.findLast((candidate) => /error/i.test(candidate)) ?? lines.at(-1);
  return line === undefined ? undefined : { message: line.trim(), hint: undefined };
}
