import { join } from "node:path";
import { asTswslError, TswslError } from "../base/errors.ts";
import { tswslPaths } from "../base/files.ts";
import type { HostAnswer } from "../protocol/host.ts";
import { inspectHost } from "./host/inspect-host.ts";

/**
 * The host tool: `host.mjs report`. Run by clients as a process of its own, see protocol/host.ts; prints one line of JSON
 * and ends with status 0 whatever it found. SIGTERM ends it; it holds nothing that would have to be given back.
 */
async function answer([request, ...rest]: readonly string[]): Promise<HostAnswer> {
  const { signal } = new AbortController();
  if (request === "report" && rest.length === 0) {
    const guest = join(import.meta.dirname, "guest");
    return { report: await inspectHost({ paths: tswslPaths(), guest }, signal) };
  }
  throw new TswslError("invalid-argument", `the host tool does not know '${request ?? ""}'`);
}

const line = await answer(process.argv.slice(2)).catch((error: unknown) => ({
  error: asTswslError(error).toWire(),
}));
process.stdout.write(`${JSON.stringify(line)}\n`);
