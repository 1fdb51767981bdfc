import { constants, type Stats } from "node:fs";
import { access, stat } from "node:fs/promises";
import { TswslError } from "../../base/errors.ts";
import type { Attachment, ComputeSystemDocument } from "../hcs-types.ts";
import { memoryFile } from "./saved-memory.ts";

/**
 * Finds what QEMU would fail to open, before it runs, as HCS does at creation. Raises `not-found`, `permission`, or
 * `invalid-argument` for a path that is not what it should be.
 */
export async function checkDocumentFiles({ VirtualMachine }: ComputeSystemDocument): Promise<void> {
  const { Chipset, Devices, GuestState, RestoreState } = VirtualMachine;
  const { KernelFilePath, InitRdPath } = Chipset.LinuxKernelDirect;
  const console = Devices.ComPorts?.["0"]?.NamedPipe ?? "";
  await checkFile("kernel", KernelFilePath, constants.R_OK);
  if (InitRdPath !== undefined) await checkFile("initial ramdisk", InitRdPath, constants.R_OK);
  for (const attachment of Object.values(Devices.Scsi?.["0"]?.Attachments ?? {})) await checkDisk(attachment);
  if (console !== "") await checkConsole(console);
  if (GuestState) {
    await checkFile("state file", GuestState.RuntimeStateFilePath, constants.R_OK | constants.W_OK);
  }
  if (RestoreState) {
    await checkFile("saved state", RestoreState.SaveStateFilePath, constants.R_OK);
    await checkFile("saved memory", memoryFile(RestoreState.SaveStateFilePath), constants.R_OK);
  }
}

/** As {@link checkDocumentFiles}, for one disk. */
export async function checkDisk({ Path, ReadOnly = false }: Attachment): Promise<void> {
  await checkFile("disk image", Path, ReadOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
}

async function checkFile(what: string, path: string, mode: number): Promise<void> {
  const found = await look(what, path);
  // A FIFO or a terminal would block QEMU for ever.
  if (!found.isFile() && !found.isBlockDevice()) {
    throw new TswslError("invalid-argument", `the ${what} ${path} is neither a file nor a block device`);
  }
  await access(path, mode).catch((cause: unknown) => {
    throw new TswslError("permission", `no access to the ${what} ${path}`, {
      cause,
      hint: `Look at: ls -l '${path}'`,
    });
  });
}

async function checkConsole(path: string): Promise<void> {
  // To look at a named pipe is to connect to it.
  if (process.platform === "win32") return;
  const found = await look("console socket", path);
  if (!found.isSocket()) throw new TswslError("invalid-argument", `${path} is not a socket`);
}

async function look(what: string, path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    // fs/promises rejects with system errors only.
    const { code } = cause as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw new TswslError(missing ? "not-found" : "permission", `cannot find the ${what} ${path} (${code})`, {
      cause,
    });
  }
}
