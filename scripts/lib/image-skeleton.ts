import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folders that the agent mounts something on. The image is read-only, so they cannot be made later. */
const MOUNT_POINTS = ["dev", "proc", "sys", "run", "tmp", "store", "mnt"];
const FOLDERS = ["root", "etc", "var/lib", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64"];

const LINKS = {
  bin: "usr/bin",
  sbin: "usr/sbin",
  lib: "usr/lib",
  lib64: "usr/lib64",
  "var/run": "../run",
  "var/tmp": "../tmp",
  // e2fsprogs and btrfs-progs refuse to touch what is mounted, and look here.
  "etc/mtab": "../proc/self/mounts",
};

const FILES = {
  // tar and diod turn numbers into names.
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
};

/** Lays out an empty system with a merged /usr in `root`. */
export function layOutSkeleton(root: string): void {
  for (const folder of [...MOUNT_POINTS, ...FOLDERS]) mkdirSync(join(root, folder), { recursive: true });
  for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(root, link));
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

/** Gives everything below `root` the same modes whatever the umask here: folders and programs 755, other files 644. */
export function fixModes(root: string): void {
  chmodSync(root, 0o755);
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const path = join(root, name);
    const found = lstatSync(path);
    if (found.isSymbolicLink()) continue;
    chmodSync(path, found.isDirectory() || found.mode & 0o111 ? 0o755 : 0o644);
  }
}
