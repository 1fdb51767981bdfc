import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a shell line on the host. Raises with what it said when it fails. */
export async function run(line: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await execute("sh", ["-c", line], { env: { ...process.env, ...env } });
  return stdout;
}
