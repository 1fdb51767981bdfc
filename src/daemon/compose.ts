import { hostname } from "node:os";
import { mkdir } from "node:fs/promises";
import { withDeadline } from "../base/deadline.ts";
import type { TswslPaths } from "../base/files.ts";
import type { Logger } from "../base/log.ts";
import { timeouts } from "../base/timeouts.ts";
import { Distros } from "../distro/distros.ts";
import { DistroFiles } from "../distro/files/distro-files.ts";
import { openHostPlace } from "../distro/files/host-place.ts";
import { PlaceOpener } from "../distro/files/open-place.ts";
import { HostFolders } from "../distro/host-folders/host-folders.ts";
import { hostFolderPolicy } from "../distro/host-folders/policy-now.ts";
import { Registry } from "../distro/registry.ts";
import { SavedVm } from "../distro/saved-vm.ts";
import { SettingsStore } from "../distro/settings.ts";
import { Downloads } from "../distro/source/downloads.ts";
import { StoreDisk } from "../distro/store-disk.ts";
import { UtilityVm } from "../distro/utility-vm.ts";
import { VmLoss } from "../distro/vm-loss.ts";
import type { VmFiles } from "../distro/vm-documents.ts";
import { ConsoleLog } from "../vm/console-log.ts";
import type { GuestAssets } from "./assets.ts";
import { ShowDistros } from "./folders/show-distros.ts";
import { FileServer } from "./file-server/file-server.ts";
import { hostFilesRefusal } from "./host/host-files-refusal.ts";
import { hostRoots } from "./host/host-roots.ts";
import { hostServices } from "./host-services.ts";
import { Uploads } from "./uploads.ts";

/** Everything the daemon is made of, joined. */
export interface Daemon {
  readonly paths: TswslPaths;
  readonly log: Logger;
  readonly startedAt: number;
  readonly computeServiceName: string;
  readonly vm: UtilityVm;
  readonly vmFiles: VmFiles;
  readonly disk: StoreDisk;
  readonly registry: Registry;
  readonly settings: SettingsStore;
  readonly hostFolders: HostFolders;
  readonly distros: Distros;
  readonly distroFiles: DistroFiles;
  /** Files of this host and of distros. */
  readonly places: PlaceOpener;
  readonly loss: VmLoss;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  /** Ends the process after stopping the VM. */
  readonly requestStop: () => void;
  /** Stops the VM, then what serves it. */
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly paths: TswslPaths;
  readonly assets: GuestAssets;
  readonly log: Logger;
  readonly requestStop: () => void;
}

/** Opens state and joins the parts; starts nothing. Raises what reading the state raises. */
export async function compose({ paths, assets, log, requestStop }: ComposeOptions): Promise<Daemon> {
  await mkdir(paths.home, { recursive: true, mode: 0o700 });
  const [registry, settings] = await Promise.all([
    Registry.open(paths.registryFile),
    SettingsStore.open(paths.settingsFile),
  ]);
  const host = await hostServices({ paths, assets, log });
  const { compute, network } = host;
  const disk = new StoreDisk(host.store, host.diskFormat);
  const vmFiles: VmFiles = {
    kernel: host.kernel,
    initrd: assets.initrd,
    systemImage: assets.systemImage,
    store: host.store,
    console: paths.consoleSocket,
  };
  // Listening before any machine exists, as HCS wants it.
  const consoleLog = await ConsoleLog.open({
    socket: paths.consoleSocket,
    file: paths.consoleLog,
    protectPipe: host.protectConsole,
  });
  const savedVm = new SavedVm({ compute, network, directory: paths.savedVm, log });
  const refusal = hostFilesRefusal();
  const fileServer = new FileServer(log);
  const hostFolders = new HostFolders({
    server: fileServer,
    policy: () => hostFolderPolicy(settings, registry),
    roots: hostRoots,
    refusal,
    log,
  });
  const vm = new UtilityVm({ compute, network, files: vmFiles, disk, settings, savedVm, hostFolders, log });
  const distros = new Distros({ vm, registry, settings, hostFolders, disk, hostname: hostname(), log });
  const distroFiles = new DistroFiles(distros);
  const showDistros = new ShowDistros({ registry, distroFiles, directory: paths.folders, log });
  return {
    paths,
    log,
    startedAt: Date.now(),
    computeServiceName: compute.name,
    vm,
    vmFiles,
    disk,
    registry,
    settings,
    hostFolders,
    distros,
    distroFiles,
    places: new PlaceOpener(distroFiles, async (path) => {
      if (refusal) throw refusal;
      return openHostPlace(path);
    }),
    loss: new VmLoss(vm, disk),
    uploads: new Uploads(),
    downloads: new Downloads({ directory: paths.downloads, fetch }),
    requestStop,
    close: async () => {
      await showDistros.close();
      await savedVm.close();
      await distros.shutdown(
        { force: false },
        AbortSignal.timeout(timeouts.vmPowerOff + timeouts.vmTerminate),
      );
      // What a machine had may outlive this process.
      const cleared = { ms: timeouts.vmTerminate, what: "the virtual machine's network to go" };
      await withDeadline(new AbortController().signal, cleared, () => vm.cleared).catch((error: unknown) =>
        log.warn("cleaning up after the virtual machine", { error }),
      );
      await fileServer.close();
      await consoleLog.close();
    },
  };
}
