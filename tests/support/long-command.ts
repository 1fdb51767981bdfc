import type { ChildProcess } from "node:child_process";
import type { Instance, Result } from "./instance.ts";

export interface LongCommand {
  readonly client: ChildProcess;
  /** How the client ended. Never rejects. */
  readonly ended: Promise<Pick<Result, "status" | "signal" | "stderr">>;
}

/** A shell line in a distro that has begun: it lasts until something ends it. `line` must not print. */
export async function startLong(
  instance: Instance,
  distro: string,
  line = "sleep 1000",
): Promise<LongCommand> {
  const client = instance.spawn(["-d", distro, "-e", "sh", "-c", `echo begun; ${line}`]);
  client.stdin?.end();
  let stderr = "";
  client.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const { promise: ended, resolve } = Promise.withResolvers<Pick<Result, "status" | "signal" | "stderr">>();
  client.once("close", (status, signal) => resolve({ status, signal, stderr }));
  const begun = new Promise<void>((done) => client.stdout?.once("data", () => done()));
  const early = ended.then(({ status }) => {
    throw new Error(`the command ended with ${status} before it began: ${stderr}`);
  });
  await Promise.race([begun, early]);
  return { client, ended };
}
