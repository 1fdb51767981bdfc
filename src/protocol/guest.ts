import * as v from "valibot";
import { method } from "./contract.ts";

/**
 * The contract between the daemon (host) and the agent (guest). Transport: yamux over the link, the host being the
 * yamux client. The first stream the host opens carries header `{"kind":"control"}` and then JSON-RPC 2.0 with
 * `Content-Length` framing; every other stream begins with a {@link GuestStreamHeader} frame and goes on in frames.
 */

/** The HvSocket port of the agent; on QEMU the virtio-serial port is named after the same service GUID. */
export const AGENT_PORT = 0x0000_7473;

/**
 * The port of the host's files, named like the agent's. It carries one 9P2000.L connection and nothing else; the guest's
 * kernel is the client. The agent keeps it open from its start, also in a VM that is saved.
 */
export const FILES_PORT = 0x0000_7474;

/** A distro's identity in the store: it never changes, whatever the name. */
const DistroId = v.pipe(v.string(), v.uuid());
const Empty = v.object({});
const Text = v.pipe(v.string(), v.maxLength(256 * 1024));
const OptionalText = v.nullable(Text);
const Size = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A file the host wants in the distro, written inside its root without following links out of it. */
export const GuestFile = v.object({
  path: v.string(),
  content: Text,
  mode: v.number(),
});

/** The distro's end of its link: an address of its own on the VM's bridge. */
export const DistroNetwork = v.object({
  address: v.string(),
  prefix: v.number(),
  gateway: v.string(),
});

/** What everything in a distro together may take; null is no limit. */
const DistroLimits = v.object({
  memoryBytes: v.nullable(Size),
  /** Microseconds of processor time in each 100 ms. */
  cpuMicros: v.nullable(Size),
  pids: v.nullable(Size),
});

/** The user under whose number changes of the host are replayed: no user of a distro has it. */
export const REPLAY_UID = 0xffff_fff0;

/** Where the guest mounts what FILES_PORT serves, and every distro that has folders of the host. */
export const HOST_FILES_PATH = "/run/tswsl/host";

/** Something that has happened to a file of the host. Paths are absolute, below {@link HOST_FILES_PATH}. */
const ReplayEvent = v.object({
  op: v.picklist(["create", "modify", "attrib", "delete", "rename"]),
  path: v.string(),
  /** Of a rename, and only of that: the new path. */
  to: v.optional(v.string()),
  directory: v.boolean(),
});

export const guestContract = {
  /** The first call: proves that the agent is alive, and when each stage of the boot was reached (µs of uptime). */
  "agent.hello": method(
    v.object({ protocol: v.number() }),
    v.object({
      protocol: v.number(),
      version: v.string(),
      kernel: v.string(),
      stages: v.record(v.string(), v.number()),
    }),
  ),
  /** Steps the clock (µs since the epoch) and mixes entropy (base64) into the kernel's pool. */
  "agent.refresh": method(v.object({ unixMicros: v.number(), entropy: v.string() }), Empty),
  "agent.statistics": method(
    Empty,
    v.object({ memoryTotal: Size, memoryAvailable: Size, uptimeMicros: Size }),
  ),
  /**
   * Gives the interface with this MAC its address, routes through the gateway, makes the distros' bridge and
   * masquerades it. Idempotent.
   */
  "network.configure": method(
    v.object({
      mac: v.string(),
      address: v.string(),
      prefix: v.number(),
      gateway: v.string(),
      bridge: v.object({ address: v.string(), prefix: v.number() }),
    }),
    Empty,
  ),
  /**
   * Before the machine is saved: brings into memory what the start of a distro runs. With the answer the session is
   * over for the agent, without a word and without the link's end: the next bytes begin a new one.
   */
  "vm.prepareSave": method(Empty, Empty),
  /**
   * Waits for the disk at this SCSI LUN, formats it as btrfs only if `format` and blank, mounts it, removes what an
   * interrupted create or delete left. `distros` are the complete ones found.
   */
  "store.attach": method(
    v.object({ lun: v.number(), format: v.boolean() }),
    v.object({ total: Size, free: Size, distros: v.array(DistroId) }),
  ),
  "store.usage": method(Empty, v.object({ total: Size, free: Size })),
  /** An empty subvolume to import into; invisible until committed. */
  "distro.create": method(v.object({ distro: DistroId }), Empty),
  /** Makes an imported distro permanent: checks that it is a root file system, syncs, renames. */
  "distro.commit": method(v.object({ distro: DistroId }), Empty),
  /** Removes a distro, committed or not. Idempotent. It must not be running. */
  "distro.delete": method(v.object({ distro: DistroId }), Empty),
  /** The configuration that decides how it is started. Absent files are null. Works on a distro not yet committed. */
  "distro.inspect": method(
    v.object({ distro: DistroId }),
    v.object({
      wslConf: OptionalText,
      wslDistributionConf: OptionalText,
      osRelease: OptionalText,
      passwd: OptionalText,
      fstab: OptionalText,
      hasInit: v.boolean(),
    }),
  ),
  /** Writes the files, makes the network namespace, runs the OCI bundle with crun. Answers when init runs. */
  "distro.start": method(
    v.object({
      distro: DistroId,
      /** An OCI runtime-spec document; the agent adds only root.path and the namespace's path. */
      config: v.record(v.string(), v.unknown()),
      network: DistroNetwork,
      files: v.array(GuestFile),
      limits: DistroLimits,
    }),
    v.object({ pid: v.number() }),
  ),
  /** Ends a distro: a signal to its init, then SIGKILL after `graceMs`. Idempotent; answers when it is gone. */
  "distro.stop": method(v.object({ distro: DistroId, graceMs: v.number() }), Empty),
  /**
   * Changes the limits of a running distro; one that does not run gets its own when it starts. Refused with
   * `invalid-state`, and nothing changed, when it uses more memory than that and cannot do with less.
   */
  "distro.limit": method(v.object({ distro: DistroId, limits: DistroLimits }), Empty),
  "distro.list": method(
    Empty,
    v.object({ running: v.array(v.object({ distro: DistroId, pid: v.number(), commands: v.number() })) }),
  ),
  /**
   * Mounts what FILES_PORT serves at `/run/tswsl/host` of the VM. Idempotent; when the connection was lost, mounts anew
   * over the next one, and what distros have of the old one must be mounted anew (`distro.mount`). `unavailable`: nobody
   * serves the port.
   */
  "files.mount": method(Empty, Empty),
  /**
   * Does to `/run/tswsl/host` what has been done on the host, in this order, so that those who watch the files in distros
   * (inotify) are told. It is done as REPLAY_UID, by which the server knows that nothing is to be done. Answers when all
   * is over; what could not be done is passed over.
   */
  "files.replay": method(v.object({ events: v.pipe(v.array(ReplayEvent), v.maxLength(4096)) }), Empty),
  /** The files of the mount that any process of the guest watches (inotify(7)), by their qid paths. */
  "files.watched": method(Empty, v.object({ qidPaths: v.pipe(v.array(Size), v.maxLength(8192)) })),
  /**
   * Shows a folder of `/run/tswsl/host` in a running distro. Idempotent; replaces a mount of ours at the target that shows
   * another folder, or one of a connection that was lost.
   */
  "distro.mount": method(
    v.object({
      distro: DistroId,
      /** Relative to `/run/tswsl/host`: the name of an export, and perhaps folders in it. */
      source: v.string(),
      /** Absolute, in the distro; made when absent. Links are followed inside the distro's root. */
      target: v.string(),
      readOnly: v.boolean(),
    }),
    Empty,
  ),
  /** Takes such a mount away, in use or not. Idempotent. */
  "distro.unmount": method(v.object({ distro: DistroId, target: v.string() }), Empty),
  /** Stops every distro, unmounts the store, syncs, powers off. The answer is sent before the power goes. */
  "vm.powerOff": method(v.object({ graceMs: v.number() }), Empty),
} as const;

/** Sent by the agent, unasked, as the JSON-RPC notification `distro.exited`. */
export const DistroExited = v.object({
  distro: DistroId,
  /** Wait status of its init: exit code, or 128 + signal. */
  status: v.number(),
});

const Channel = v.picklist(["tty", "pipe"]);

/** Runs a command in a running distro. Then frames: stdin, window, resize, signal → ← stdout, stderr, window, exit. */
export const ExecHeader = v.object({
  kind: v.literal("exec"),
  distro: DistroId,
  /** Looked up in the distro's own /etc/passwd and /etc/group; a decimal uid is accepted. */
  user: v.string(),
  /**
   * Absolute, or `~`, or `~/…`, or a folder on a drive of Windows (`C:\Users`), which is where the distro has that. One that
   * cannot be entered falls back to the home directory, then to `/`.
   */
  cwd: v.string(),
  /** `login`: the user's shell with argv[0] `-sh`; `standard`: the shell with `-c`; `none`: argv as it is. */
  shell: v.picklist(["login", "standard", "none"]),
  /** With a shell: at most one element, the line for `-c`. */
  argv: v.array(v.string()),
  /** Added to the login environment (HOME, USER, LOGNAME, SHELL, PATH). */
  env: v.record(v.string(), v.string()),
  /**
   * The cgroup of the user's session, as the distro sees it (`/user.slice/…`). Null, or one that cannot be joined:
   * the distro's group for commands without a session.
   */
  cgroup: v.nullable(v.string()),
  /** Window size; null when none of the channels is a terminal. */
  tty: v.nullable(v.object({ rows: v.number(), columns: v.number() })),
  stdin: Channel,
  stdout: Channel,
  stderr: Channel,
});

/** Unpacks a tar stream (stdin frames) into a distro under creation. tar's messages come as stderr, then exit. */
const ImportHeader = v.object({
  kind: v.literal("import"),
  distro: DistroId,
  compression: v.picklist(["none", "gzip", "xz", "zstd"]),
  /** The SCSI LUN of a disk whose bytes are the archive; null: they come as stdin frames. */
  disk: v.nullable(v.number()),
});

/**
 * The files of a running distro. The agent answers with one header frame `{}`, or with an error frame; from then on both
 * directions are raw 9P2000.L, without frames, and the guest is the server. It ends with the distro.
 */
const FilesHeader = v.object({
  kind: v.literal("files"),
  distro: DistroId,
  /** Whose eyes: the user of the distro that an attach without a uid means. Looked up as in {@link ExecHeader}. */
  user: v.string(),
});

export const GuestStreamHeader = v.variant("kind", [
  v.object({ kind: v.literal("control") }),
  ExecHeader,
  ImportHeader,
  FilesHeader,
]);

export type ExecHeader = v.InferOutput<typeof ExecHeader>;
export type GuestStreamHeader = v.InferOutput<typeof GuestStreamHeader>;
export type ReplayEvent = v.InferOutput<typeof ReplayEvent>;
export type GuestLimits = v.InferOutput<typeof DistroLimits>;
export type DistroNetwork = v.InferOutput<typeof DistroNetwork>;
export type GuestFile = v.InferOutput<typeof GuestFile>;
export type DistroExited = v.InferOutput<typeof DistroExited>;
