import { join } from "node:path";
import type { Result } from "../protocol/contract.ts";
import type { daemonContract, InstallSource } from "../protocol/daemon.ts";
import {
  architectureOf,
  findVersion,
  imageFor,
  listEntries,
  loadCatalogue,
} from "../distro/catalogue/index.ts";
import {
  BootstrapSource,
  FileSource,
  listBootstrapFlavors,
  UploadSource,
  type DistroSource,
} from "../distro/source/index.ts";
import type { Daemon } from "./compose.ts";

/** The source that an install request means. Nothing is read from it yet but, for its name, the catalogue. */
export async function openSource(
  daemon: Daemon,
  source: InstallSource,
  signal: AbortSignal,
): Promise<DistroSource> {
  switch (source.type) {
    case "catalogue": {
      const { catalogue } = await load(daemon, signal);
      const version = findVersion(catalogue, source.name);
      const { url, sha256 } = imageFor(version, architectureOf());
      return daemon.downloads.source({ url, sha256, name: version.name });
    }
    case "file":
      return new FileSource(source);
    case "upload":
      return new UploadSource(await daemon.uploads.take(source.token, signal));
    case "bootstrap":
      return new BootstrapSource({ ...source, cache: join(daemon.paths.cache, "bootstrap") });
  }
}

/** What can be installed here: the catalogue's images for this architecture, and what this host can bootstrap. */
export async function listCatalogue(
  daemon: Daemon,
  signal: AbortSignal,
): Promise<Result<(typeof daemonContract)["catalogue.list"]>> {
  const { catalogue, offline } = await load(daemon, signal);
  const host = { arch: architectureOf(), bootstrap: await listBootstrapFlavors(signal) };
  return { source: daemon.settings.current.catalogue, offline, entries: listEntries(catalogue, host) };
}

function load(daemon: Daemon, signal: AbortSignal): ReturnType<typeof loadCatalogue> {
  return loadCatalogue({ source: daemon.settings.current.catalogue, fetch, signal });
}
