import type { Handlers } from "../protocol/rpc.ts";
import type { daemonContract } from "../protocol/daemon.ts";
import type { Daemon } from "./compose.ts";
import { describeDocuments, describeStatus, describeVersion } from "./describe.ts";
import { copyFiles } from "../distro/files/copy/copy-request.ts";
import { listFiles } from "../distro/files/list.ts";
import { statFile } from "../distro/files/stat.ts";
import { listCatalogue, openSource } from "./sources.ts";

/** The local API: each request of the contract, answered by the product. */
export function daemonHandlers(daemon: Daemon): Handlers<typeof daemonContract> {
  const { distros, places, settings } = daemon;
  return {
    version: () => describeVersion(daemon),
    status: (_, { signal }) => describeStatus(daemon, signal),
    "distro.list": async () => ({ distros: distros.list() }),
    "distro.install": async ({ source, name, limits }, { signal, progress: report }) => {
      const opened = await openSource(daemon, source, signal);
      return distros.install({ source: opened, name, limits }, { signal, report });
    },
    "distro.unregister": async ({ name }, { signal, progress: report }) => {
      await distros.unregister(name, { signal, report });
      return {};
    },
    "distro.terminate": async ({ name }, { signal }) => {
      await distros.terminate(name, signal);
      return {};
    },
    "distro.setDefault": async ({ name }) => {
      await distros.setDefault(name);
      return {};
    },
    "distro.configure": async ({ name, keepAlive, limits }, { signal }) => {
      if (limits !== undefined) await distros.setLimits(name, limits, signal);
      if (keepAlive !== undefined) await distros.setKeepAlive(name, keepAlive);
      return {};
    },
    "files.list": (request, { signal, progress: report }) => listFiles(request, places, { signal, report }),
    "files.stat": (request, { signal, progress: report }) => statFile(request, places, { signal, report }),
    "files.copy": (request, { signal, progress: report }) => copyFiles(request, places, { signal, report }),
    "distro.mountHost": async ({ name, ...folder }, { signal }) => ({
      name: await distros.mountHost(name, folder, signal),
    }),
    "distro.unmountHost": async ({ name, target }, { signal }) => ({
      name: await distros.unmountHost(name, target, signal),
    }),
    "vm.shutdown": async (options, { signal }) => {
      await distros.shutdown(options, signal);
      return {};
    },
    "catalogue.list": (_, { signal }) => listCatalogue(daemon, signal),
    "settings.get": async () => settings.current,
    "settings.set": async (changes) => {
      const current = await settings.change(changes);
      distros.lifecycle.rearm();
      daemon.hostFolders.policyChanged();
      return current;
    },
    "debug.document": async () => describeDocuments(daemon),
    "daemon.stop": async () => {
      // Answered first: the client must not see its own request fail.
      setImmediate(() => daemon.requestStop());
      return {};
    },
  };
}
