import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StreamOffer } from "../stream-address.ts";
import { serviceChardev } from "./channels.ts";
import type { QmpClient } from "./qmp.ts";

/**
 * Gives the guest's port another end: a unix socket in a directory that is closed to other users (mkdtemp makes it with
 * mode 0700), for the first who connects. QEMU closes the end that the port had, so that whoever holds it reads its end.
 */
export async function offerService(qmp: QmpClient, index: number, signal: AbortSignal): Promise<StreamOffer> {
  const directory = await mkdtemp(join(tmpdir(), "tswsl-port-"));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const path = join(directory, "socket");
  const addr = { type: "unix", data: { path } };
  const backend = { type: "socket", data: { addr, server: true, wait: false } };
  try {
    await qmp.execute("chardev-change", { id: serviceChardev(index), backend }, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return { address: { kind: "socket", path }, close };
}
