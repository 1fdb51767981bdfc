import type { Instance } from "../tests/support/instance.ts";
import { run } from "./run.ts";

/** Runs a command in the distro with its output in /dev/null, as a shell would: this process reads nothing of it. */
export async function toNull(instance: Instance, command: string): Promise<void> {
  await run(`exec bin/tswsl -d debian -- ${command} > /dev/null`, { TSWSL_HOME: instance.home });
}
