import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Progress } from "../../../scripts/lib/progress.ts";
import { crossBuild } from "../../../scripts/lib/cross-build.ts";
import type { WinePrefix } from "./wine-prefix.ts";

const KEY = String.raw`HKCU\Software\tswsl-test`;
const { signal: never } = new AbortController();

/** The folder with what tests/support/windows/platform builds. */
export async function buildPlatform(): Promise<string> {
  const source = join(import.meta.dirname, "platform");
  const spec = { name: "platform-stand-ins", source, products: /\.(dll|exe)$/ };
  return crossBuild(spec, never, new Progress());
}

/** Puts stand-ins for dismapi.dll and WinHvPlatform.dll into a prefix; they answer what {@link setAnswer} says. */
export async function addPlatform(prefix: WinePrefix): Promise<void> {
  const built = await buildPlatform();
  for (const name of readdirSync(built).filter((file) => file.endsWith(".dll"))) {
    await copyFile(join(built, name), join(prefix.path, "drive_c/windows/system32", name));
  }
}

/** A feature's state as DISM numbers it, or another answer of the stand-ins; null takes it back. */
export async function setAnswer(prefix: WinePrefix, name: string, value: number | null): Promise<void> {
  const change =
    value === null
      ? ["delete", KEY, "/v", name, "/f"]
      : ["add", KEY, "/v", name, "/t", "REG_DWORD", "/d", String(value), "/f"];
  await windows(prefix, ["reg", ...change]);
}

/** What the stand-ins have told, or undefined. */
export async function told(prefix: WinePrefix, name: string): Promise<number | undefined> {
  const text = await windows(prefix, ["reg", "query", KEY, "/v", name]).catch(() => "");
  const digits = /REG_DWORD\s+0x([0-9a-f]+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** A service or driver by this name, which nobody starts. */
export async function addService(
  prefix: WinePrefix,
  name: string,
  start: "demand" | "disabled",
): Promise<void> {
  const program = String.raw`C:\windows\system32\cmd.exe`;
  await windows(prefix, ["sc", "create", name, "binPath=", program, "start=", start]);
}

/** One of Windows's own programs; its output. */
async function windows(prefix: WinePrefix, command: readonly string[]): Promise<string> {
  const child = execFile("wine", command, { env: prefix.env() });
  child.stdin?.end();
  let text = "";
  child.stdout?.on("data", (chunk: string) => (text += chunk));
  const [status] = await once(child, "close");
  if (status === 0) return text;
  throw new Error(`${command.join(" ")} ended with ${String(status)}: ${text}`);
}
