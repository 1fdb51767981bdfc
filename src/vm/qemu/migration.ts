import { withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { QmpClient } from "./qmp.ts";

/** There is no event without the `events` capability, and a load takes some 15 ms. */
const POLL_MS = 3;

/**
 * Writes the devices and processors of a stopped machine to a file. Its memory is a shared file already and left out
 * (`x-ignore-shared`, as Kata Containers' VM templates). The target is a shell's: QEMU before 8.2 has no `file:`.
 */
export async function saveDevices(qmp: QmpClient, path: string, signal: AbortSignal): Promise<void> {
  await ignoreSharedMemory(qmp, signal);
  // Bytes a second; the default is meant for a network that others use.
  await qmp.execute("migrate-set-parameters", { "max-bandwidth": 2 ** 40 }, signal);
  await qmp.execute("migrate", { uri: `exec:exec cat > ${shellQuote(path)}` }, signal);
  await migrated(qmp, signal);
}

/** Loads what {@link saveDevices} wrote into a machine started with `-incoming defer`, from an inherited descriptor. */
export async function loadDevices(qmp: QmpClient, fd: number, signal: AbortSignal): Promise<void> {
  await ignoreSharedMemory(qmp, signal);
  await qmp.execute("migrate-incoming", { uri: `fd:${fd}` }, signal);
  await migrated(qmp, signal);
}

async function ignoreSharedMemory(qmp: QmpClient, signal: AbortSignal): Promise<void> {
  const capabilities = [{ capability: "x-ignore-shared", state: true }];
  await qmp.execute("migrate-set-capabilities", { capabilities }, signal);
}

async function migrated(qmp: QmpClient, signal: AbortSignal): Promise<void> {
  const deadline = { ms: timeouts.qemuMigration, what: "QEMU to save or load the machine" };
  await withDeadline(signal, deadline, async (limit) => {
    for (;;) {
      // QAPI's MigrationInfo; only these two are read, and compared with strings.
      const info = (await qmp.execute("query-migrate", {}, limit)) as Record<string, unknown>;
      if (info["status"] === "completed") return;
      if (info["status"] === "failed" || info["status"] === "cancelled") {
        throw new TswslError("internal", `QEMU cannot save or load: ${String(info["error-desc"])}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
