import { execFileSync } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The host's package busybox-static; ./test installs it. */
const BUSYBOX = "/bin/busybox";
const COMMANDS =
  "cat cp dd find grep head kill ls mkdir mv rm rmdir seq sh sha256sum sleep sort sync touch tr true uname wc".split(
    " ",
  );

/** A tar of the smallest root file system that runs commands: 2 MB. */
export function tinyRoot(directory: string): string {
  const root = join(directory, "tiny");
  for (const path of ["etc", "bin", "root", "tmp"]) mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, "etc/os-release"), 'ID=tiny\nVERSION_ID="1"\n');
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  copyFileSync(BUSYBOX, join(root, "bin/busybox"));
  for (const name of COMMANDS) linkSync(join(root, "bin/busybox"), join(root, "bin", name));
  const archive = join(directory, "tiny.tar");
  execFileSync("tar", ["-C", root, "-cf", archive, "."]);
  return archive;
}
