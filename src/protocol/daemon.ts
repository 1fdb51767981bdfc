import * as v from "valibot";
import { method } from "./contract.ts";
import { ClientReadHeader, filesContract } from "./files.ts";

/**
 * The contract between clients (CLI, tray) and the daemon, over a private socket. Each connection has one purpose,
 * told by its first frame, a {@link ClientHeader}: `rpc` goes on as JSON-RPC 2.0 with `Content-Length` framing;
 * `exec`, `upload` and `read` go on in frames (see frames.ts).
 */

const Empty = v.object({});
const Name = v.string();

export const DistroState = v.picklist([
  "stopped",
  "starting",
  "running",
  "stopping",
  "installing",
  "removing",
  "broken",
]);

/** What a distro may take of the VM at most; null is no limit. */
export const DistroLimits = v.object({
  /** MiB of memory, with the file cache that it fills. */
  memoryMiB: v.nullable(v.number()),
  /** Processors' worth of time: 1.5 is one and a half. */
  cpus: v.nullable(v.number()),
  /** Processes, each thread counted. */
  pids: v.nullable(v.number()),
});

/** A folder of the host that one distro has, whatever its wsl.conf says. */
export const HostFolder = v.object({
  /** Absolute, on the host. */
  source: v.string(),
  /** Absolute, in the distro. */
  target: v.string(),
  readOnly: v.boolean(),
});

export const DistroSummary = v.object({
  name: v.string(),
  id: v.string(),
  state: DistroState,
  default: v.boolean(),
  /** os-release ID and VERSION_ID, as found when it was installed. */
  flavor: v.nullable(v.string()),
  osVersion: v.nullable(v.string()),
  /** Commands running through tswsl now. */
  commands: v.number(),
  keepAlive: v.boolean(),
  limits: DistroLimits,
  /** Folders of the host that were chosen for it. */
  hostFolders: v.array(HostFolder),
  installedAt: v.string(),
  /** Address of the distro on the VM's network while it runs. */
  address: v.nullable(v.string()),
  /** Why the state is `broken`. */
  problem: v.nullable(v.string()),
});

export const VmState = v.picklist(["stopped", "starting", "running", "stopping", "unknown"]);

export const CatalogueEntry = v.object({
  name: v.string(),
  friendlyName: v.string(),
  flavor: v.string(),
  default: v.boolean(),
  /** `download` from the catalogue's URL, `bootstrap` from this host's package sources. */
  source: v.picklist(["download", "bootstrap"]),
});

/** Debian's policy, 5.6.7. Nothing else reaches mmdebstrap's command line. */
const PackageName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9+.-]+$/));

export const InstallSource = v.variant("type", [
  /** Looked up in the catalogue, downloaded, SHA-256 checked. */
  v.object({ type: v.literal("catalogue"), name: v.string() }),
  /** A tar of a root file system on this host: plain, gzip, xz or zstd. */
  v.object({ type: v.literal("file"), path: v.string(), sha256: v.optional(v.string()) }),
  /** Bytes sent on an `upload` connection with the same token. */
  v.object({ type: v.literal("upload"), token: v.string() }),
  /** mmdebstrap with the host's own apt sources; `include` are packages beside the usual ones. */
  v.object({
    type: v.literal("bootstrap"),
    flavor: v.string(),
    suite: v.optional(v.string()),
    include: v.optional(v.array(PackageName)),
  }),
]);

/** Sent during `distro.install` and whenever a call has to start the VM. `done`/`total` are bytes when present. */
export const Progress = v.object({
  phase: v.string(),
  done: v.optional(v.number()),
  total: v.optional(v.number()),
  /** Something the user should know although the operation goes on, such as an unknown key in wsl.conf. */
  warning: v.optional(v.string()),
});

/** The last report before a command: all that it needs is started, and what follows on the connection is its own. */
export const READY_PHASE = "ready";

export const Settings = v.object({
  /** Seconds without a client before a distro is stopped; -1 never. */
  distroIdleSeconds: v.number(),
  /** Seconds without a running distro before the VM is stopped; -1 never. */
  vmIdleSeconds: v.number(),
  /** MiB of the VM; 0 chooses half of the host. */
  memoryMiB: v.number(),
  /** Virtual processors; 0 takes all of the host. */
  processors: v.number(),
  /** URL or file of the catalogue. */
  catalogue: v.string(),
  /** Whether the VM may start from a saved one instead of booting. */
  savedVm: v.boolean(),
  /** What of the host's own files distros may have, beside folders that were chosen for them. */
  hostFolders: v.picklist(["read-write", "read-only", "none"]),
});

export const daemonContract = {
  version: method(
    Empty,
    v.object({
      tswsl: v.string(),
      node: v.string(),
      kernel: v.nullable(v.string()),
      computeService: v.string(),
      /** The accelerator the VM runs under, once one has been tried. */
      accelerator: v.nullable(v.string()),
    }),
  ),
  status: method(
    Empty,
    v.object({
      defaultDistro: v.nullable(v.string()),
      daemon: v.object({ pid: v.number(), uptimeSeconds: v.number(), home: v.string() }),
      vm: v.object({
        state: VmState,
        id: v.nullable(v.string()),
        uptimeSeconds: v.nullable(v.number()),
        memoryTotal: v.nullable(v.number()),
        memoryAvailable: v.nullable(v.number()),
        /** Stage → milliseconds of the last start. */
        startStages: v.record(v.string(), v.number()),
      }),
      store: v.object({
        path: v.string(),
        hostBytes: v.number(),
        total: v.nullable(v.number()),
        free: v.nullable(v.number()),
      }),
      running: v.number(),
      installed: v.number(),
    }),
  ),
  "distro.list": method(Empty, v.object({ distros: v.array(DistroSummary) })),
  /** Reports {@link Progress}. Cancelling, or the client's end, undoes it. Answers with the name it got. */
  "distro.install": method(
    v.object({
      source: InstallSource,
      name: v.optional(Name),
      limits: v.optional(v.partial(DistroLimits)),
    }),
    v.object({ name: Name, id: v.string(), bytes: v.number() }),
  ),
  "distro.unregister": method(v.object({ name: Name }), Empty),
  "distro.terminate": method(v.object({ name: Name }), Empty),
  "distro.setDefault": method(v.object({ name: Name }), Empty),
  /** Changes what is given. Limits hold at once, also in a running distro, and from then on. */
  "distro.configure": method(
    v.object({
      name: Name,
      keepAlive: v.optional(v.boolean()),
      limits: v.optional(v.partial(DistroLimits)),
    }),
    Empty,
  ),
  /** Shows a folder of the host in a distro, from now on and at once if it runs. Replaces what was at the target. */
  "distro.mountHost": method(
    v.object({ name: v.optional(Name), ...HostFolder.entries }),
    v.object({ name: Name }),
  ),
  /** Takes it away again. Raises `not-found` when nothing was mounted there. */
  "distro.unmountHost": method(
    v.object({ name: v.optional(Name), target: v.string() }),
    v.object({ name: Name }),
  ),
  /** Stops every distro and the VM. `force` does not ask the guest. */
  "vm.shutdown": method(v.object({ force: v.boolean() }), Empty),
  ...filesContract,
  "catalogue.list": method(
    Empty,
    v.object({ source: v.string(), offline: v.boolean(), entries: v.array(CatalogueEntry) }),
  ),
  "settings.get": method(Empty, Settings),
  "settings.set": method(v.partial(Settings), Settings),
  /** The HCS and HCN documents the next start of the VM would hand over. */
  "debug.document": method(
    Empty,
    v.object({
      computeSystem: v.record(v.string(), v.unknown()),
      network: v.record(v.string(), v.unknown()),
      endpoint: v.record(v.string(), v.unknown()),
    }),
  ),
  /** Ends the daemon after stopping the VM. */
  "daemon.stop": method(Empty, Empty),
} as const;

/** Travels as the value of `$/progress` while a request runs that asked for it, or as a progress frame. */
export type Progress = v.InferOutput<typeof Progress>;

const Channel = v.picklist(["tty", "pipe"]);

/** Runs a command; the daemon starts what is needed, then splices this connection to the guest's stream. */
export const ClientExecHeader = v.object({
  kind: v.literal("exec"),
  /** Absent: the default distro. */
  distro: v.optional(v.string()),
  /** Absent: wsl.conf's [user] default, else root. */
  user: v.optional(v.string()),
  /** A path in the distro, or `~`, or a folder on a drive of Windows: see the guest's header. */
  cwd: v.string(),
  shell: v.picklist(["login", "standard", "none"]),
  argv: v.array(v.string()),
  env: v.record(v.string(), v.string()),
  tty: v.nullable(v.object({ rows: v.number(), columns: v.number() })),
  stdin: Channel,
  stdout: Channel,
  stderr: Channel,
});

export const ClientHeader = v.variant("kind", [
  v.object({ kind: v.literal("rpc") }),
  /** Then stdin frames with the archive's bytes, an empty one at its end; the daemon sends window frames. */
  v.object({ kind: v.literal("upload"), token: v.string() }),
  ClientExecHeader,
  ClientReadHeader,
]);

export type ClientHeader = v.InferOutput<typeof ClientHeader>;
export type ClientExecHeader = v.InferOutput<typeof ClientExecHeader>;
export type DistroSummary = v.InferOutput<typeof DistroSummary>;
export type DistroLimits = v.InferOutput<typeof DistroLimits>;
export type HostFolder = v.InferOutput<typeof HostFolder>;
export type DistroState = v.InferOutput<typeof DistroState>;
export type VmState = v.InferOutput<typeof VmState>;
export type InstallSource = v.InferOutput<typeof InstallSource>;
export type Settings = v.InferOutput<typeof Settings>;
export type CatalogueEntry = v.InferOutput<typeof CatalogueEntry>;
