import { randomUUID } from "node:crypto";
import { throwIfAborted } from "../base/deadline.ts";
import { asTswslError, TswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import { timeouts } from "../base/timeouts.ts";
import type { DistroLimits, Progress } from "../protocol/daemon.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import { importArchive } from "./import-archive.ts";
import { GuestWatch } from "./guest-watch.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Operations } from "./operations.ts";
import { parseOsRelease } from "./os-release.ts";
import type { DistroRecord, Registry } from "./registry.ts";
import { SpaceWatch, type WatchedDisk } from "./space-watch.ts";
import type { DistroSource } from "./source/distro-source.ts";
import { parseDistributionConf } from "./wsl-conf.ts";

export interface InstallParts {
  readonly registry: Registry;
  readonly operations: Operations;
  readonly lifecycle: Lifecycle;
  readonly disk: WatchedDisk;
  readonly log: Logger;
}

export interface InstallRequest {
  readonly source: DistroSource;
  /** Without a name, the source's own, else the one in the image's wsl-distribution.conf. */
  readonly name: string | undefined;
  /** Checked. */
  readonly limits: DistroLimits;
}

export interface Installed {
  readonly name: string;
  readonly id: string;
  /** Bytes of the archive as read. */
  readonly bytes: number;
}

interface Call {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Installs a distro from a source: the archive flows through the link into a new subvolume, is checked, made
 * permanent and registered, in this order; whatever fails or is cancelled before the last step leaves nothing.
 * Raises `exists` and `invalid-argument` for the name before anything is read.
 */
export async function install(parts: InstallParts, request: InstallRequest, call: Call): Promise<Installed> {
  const name = request.name ?? request.source.defaultName;
  const work = (): Promise<Installed> => installInto(parts, { ...request, name }, call);
  if (name === undefined) return work();
  parts.registry.checkFree(name);
  return parts.operations.run(name, "installing", work);
}

async function installInto(parts: InstallParts, request: InstallRequest, call: Call): Promise<Installed> {
  const id = randomUUID();
  const scope = new Scope();
  try {
    scope.defer(() => request.source.close());
    // The source is opened first: a wrong path or an unknown name must not cost the start of a VM.
    const archive = await request.source.open(call.signal, call.report);
    scope.defer(() => void archive.stream.destroy());
    const space = new SpaceWatch(parts.disk);
    scope.defer(() => space.stop());
    await space.require(archive.size ?? 0);
    const { vm, release } = await parts.lifecycle.useVm(call.signal, call.report);
    scope.defer(release);
    const { agent } = vm;
    // Unpacking may take as long as it likes, but only in a guest that works.
    const watch = new GuestWatch(agent, { once: false });
    scope.defer(() => watch.stop());
    const signal = AbortSignal.any([call.signal, space.signal, watch.signal]);
    await agent.call("distro.create", { distro: id }, { signal });
    const undo = new Scope();
    // A guest that does not answer cannot undo it either: the next start of the VM does.
    undo.defer(() => (watch.signal.aborted ? undefined : discard(agent, id)));
    try {
      const bytes = await importArchive(vm, { ...call, distro: id, archive, signal });
      const record = await describe(agent, parts, { ...request, id }, signal);
      call.report({ phase: "Finishing" });
      await agent.call("distro.commit", { distro: id }, { signal, deadline: timeouts.storeCall });
      throwIfAborted(signal);
      await parts.registry.add(record);
      undo.keep();
      parts.log.info("installed", { name: record.name, id, source: request.source.describe, bytes });
      return { name: record.name, id, bytes };
    } finally {
      await undo.close().catch((error: unknown) => parts.log.warn("undoing an installation", { id, error }));
    }
  } catch (error) {
    parts.log.warn("installation failed", { source: request.source.describe, error });
    throw asTswslError(error);
  } finally {
    await scope.close();
  }
}

async function discard(agent: AgentClient, distro: string): Promise<void> {
  await agent.call(
    "distro.delete",
    { distro },
    { signal: AbortSignal.timeout(timeouts.storeCall), deadline: timeouts.storeCall },
  );
}

/** The registry's record of the imported files: their own name for themselves, and what system they are. */
async function describe(
  agent: AgentClient,
  parts: InstallParts,
  distro: { id: string; name: string | undefined; limits: DistroLimits },
  signal: AbortSignal,
): Promise<DistroRecord> {
  const files = await agent.call("distro.inspect", { distro: distro.id }, { signal });
  const name = distro.name ?? parseDistributionConf(files.wslDistributionConf ?? "").defaultName;
  if (name === undefined) {
    throw new TswslError("invalid-argument", "the archive does not say what its distribution is called", {
      hint: "Give it a name: --name NAME",
    });
  }
  parts.registry.checkFree(name);
  const release = parseOsRelease(files.osRelease ?? "");
  return {
    id: distro.id,
    name,
    flavor: release.id ?? null,
    osVersion: release.versionId ?? null,
    installedAt: new Date().toISOString(),
    keepAlive: false,
    limits: distro.limits,
    address: null,
  };
}
