import { join } from "node:path";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { tswslPaths } from "../../base/files.ts";
import type { HostAnswer } from "../../protocol/host.ts";
import { changePlatform } from "./change-platform.ts";
import { inspectHost } from "./inspect-host.ts";

/**
 * The host tool, see protocol/host.ts: answers one question of a client's with one line of JSON on standard output. Never
 * rejects; what fails is the answer. SIGTERM ends it; it holds nothing that would have to be given back.
 *
 * @param program The directory of this program, with the guest's files in `guest`.
 */
export async function answerQuestion(question: readonly string[], program: string): Promise<void> {
  const line = await answer(question, program).catch((error: unknown) => ({
    error: asTswslError(error).toWire(),
  }));
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function answer([request, ...rest]: readonly string[], program: string): Promise<HostAnswer> {
  const { signal } = new AbortController();
  if (request === "report" && rest.length === 0) {
    return { report: await inspectHost({ paths: tswslPaths(), guest: join(program, "guest") }, signal) };
  }
  if (request === "enable") return { change: await changePlatform(rest) };
  throw new TswslError("invalid-argument", `the host tool does not know '${request ?? ""}'`);
}
