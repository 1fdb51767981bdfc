// Packs the agent into the initramfs of the utility VM: node scripts/build-initramfs.ts AGENT OUTPUT; see docs/guest.md.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { packCpio } from "./lib/cpio.ts";
import { elfNeeds } from "./lib/elf.ts";
import { runAsScript } from "./lib/script-main.ts";
import { ScriptError } from "./lib/script-error.ts";

/** The archive that starts `agent`, the content of a static program, as the first process. */
export function initramfs(agent: Uint8Array): Buffer {
  return packCpio([
    { kind: "folder", path: "dev", mode: 0o755 },
    // The first process's standard streams; devtmpfs is not mounted yet when the kernel opens them.
    { kind: "character-device", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
    { kind: "folder", path: "proc", mode: 0o755 },
    { kind: "folder", path: "sys", mode: 0o755 },
    // The system image; the agent makes it the root.
    { kind: "folder", path: "system", mode: 0o755 },
    { kind: "file", path: "init", mode: 0o755, content: agent },
  ]);
}

/** Writes the archive with the program at `agentPath` to `outputPath`, whole or not at all. */
export async function buildInitramfs(agentPath: string, outputPath: string): Promise<void> {
  const agent = await readAgent(agentPath);
  const needs = elfNeeds(agent);
  if (!needs || needs.interpreter !== undefined) {
    throw new ScriptError(
      `${agentPath} is not a static x86-64 program, and the initramfs holds no libraries`,
      "link it with -static",
    );
  }
  await mkdir(dirname(outputPath), { recursive: true });
  await writeFile(`${outputPath}.new`, initramfs(agent));
  await rename(`${outputPath}.new`, outputPath);
}

async function readAgent(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ScriptError(`cannot read the agent at ${path}`, "build it first, then give its path", error);
  }
}

await runAsScript(import.meta.url, async (_signal, progress) => {
  const [agent, output] = process.argv.slice(2);
  if (agent === undefined || output === undefined) {
    throw new ScriptError(
      "it takes the agent's path and the path to write",
      "node scripts/build-initramfs.ts AGENT OUTPUT",
    );
  }
  await buildInitramfs(agent, output);
  progress.say(`initramfs: ${output}`);
});
