import { createRequire } from "node:module";
import { ensureLinuxAddon } from "../../../scripts/build-native.ts";
import { Progress } from "../../../scripts/lib/progress.ts";
import type { WinfspModule } from "../../../native/winfsp/native.d.ts";

const { signal: never } = new AbortController();

/** winfsp.node as it is built from these sources, in this process. */
export async function linuxAddon(): Promise<WinfspModule> {
  const path = await ensureLinuxAddon(never, new Progress());
  // Its exports, by its own declaration.
  return createRequire(path)(path) as WinfspModule;
}
