import type { OciDevice } from "./oci-types.ts";

/** Debian's static group ids (base-passwd); other distributions map their own names to them. */
const DISK_GROUP = 6;
const LOOP_DEVICES = 8;

/** Beside the runtime's own (null, zero, full, random, urandom, tty, ptmx): numbers from Linux's devices.txt. */
export const distroDevices: readonly OciDevice[] = [
  // Anyone may mount with FUSE and open a tunnel of their own; the kernel checks the rest. As WSL has it.
  character("/dev/fuse", { major: 10, minor: 229, fileMode: 0o666 }),
  character("/dev/net/tun", { major: 10, minor: 200, fileMode: 0o666 }),
  // journald and kubelet read the kernel's log here.
  character("/dev/kmsg", { major: 1, minor: 11, fileMode: 0o644 }),
  character("/dev/btrfs-control", { major: 10, minor: 234, fileMode: 0o660, gid: DISK_GROUP }),
  character("/dev/loop-control", { major: 10, minor: 237, fileMode: 0o660, gid: DISK_GROUP }),
  ...Array.from({ length: LOOP_DEVICES }, (_, minor) => loop(minor)),
];

type Node = { major: number; minor: number; fileMode: number; gid?: number };

function character(path: string, { gid = 0, ...node }: Node): OciDevice {
  return { path, type: "c", ...node, uid: 0, gid };
}

function loop(minor: number): OciDevice {
  return { path: `/dev/loop${minor}`, type: "b", major: 7, minor, fileMode: 0o660, uid: 0, gid: DISK_GROUP };
}
