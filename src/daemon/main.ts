import { mkdirSync, rmSync } from "node:fs";
import { asTswslError } from "../base/errors.ts";
import { tswslPaths } from "../base/files.ts";
import { ENDED_AS_ASKED, hostQuestion, LOCKED } from "../base/program.ts";
import { fileLogger } from "../base/log.ts";
import { guestAssets } from "./assets.ts";
import { compose } from "./compose.ts";
import { holdLock } from "./hold-lock.ts";
import { answerQuestion } from "./host/answer-question.ts";
import { serveClients } from "./serve-clients.ts";
import { version } from "./version.ts";

/**
 * The daemon: started on demand by the first client, on Linux under `flock`; there is one for each state directory. Its only output is the log; what ends it early goes to standard error, which the client has tied to that log.
 */
async function main(): Promise<void> {
  const paths = tswslPaths();
  const isWindows = process.platform === "win32";
  if (isWindows && !holdLock(paths.daemonLock)) process.exit(LOCKED);
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const log = fileLogger(paths.daemonLog);
  // One request's lost promise is no reason to take the VM, and every command in it, down.
  process.on("unhandledRejection", (error) => log.error("unhandled rejection", { error }));
  const stopping = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.once(signal, () => stopping.resolve(signal));
  const daemon = await compose({
    paths,
    log,
    assets: guestAssets(import.meta.dirname),
    requestStop: () => stopping.resolve("request"),
  });
  const server = await serveClients(daemon);
  log.info("daemon started", { version, pid: process.pid, node: process.versions.node });

  const reason = await stopping.promise;
  log.info("daemon stopping", { reason });
  await server.close();
  await daemon.close();
  // A pipe goes with its process.
  if (!isWindows) rmSync(paths.daemonSocket, { force: true });
  log.end(() => process.exit(isWindows ? ENDED_AS_ASKED : 0));
}

process.on("uncaughtException", fail);
const question = hostQuestion();
// No daemon then, and nothing of it is touched: the question may be why it does not start.
if (question) await answerQuestion(question, import.meta.dirname);
else main().catch(fail);

function fail(error: unknown): void {
  const { message, hint, stack } = asTswslError(error);
  process.stderr.write(`tswsld: ${message}${hint ? `\n  → ${hint}` : ""}\n${stack ?? ""}\n`);
  process.exit(1);
}
