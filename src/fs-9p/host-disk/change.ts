import { FileError } from "../errors/file-error.ts";
import type { AttributeChanges } from "../file-system.ts";
import { O_WRONLY, S_IFDIR, S_IFMT, S_IFREG } from "../linux.ts";
import { allowedMode } from "./allowed-mode.ts";
import type { HostDirectory, HostFile, HostStats } from "./host-directory.ts";
import { timesOf } from "./times.ts";

/** A directory itself, by its handle. */
export function changeDirectory(handle: HostDirectory, changes: AttributeChanges): void {
  if (changes.size !== undefined) throw new FileError("EISDIR");
  change(handle, ".", { changes, stats: () => handle.stat() });
}

/** Whatever has this name, never what a symbolic link points to. */
export function changeNamed(directory: HostDirectory, name: string, changes: AttributeChanges): void {
  if (changes.size !== undefined) {
    const stats = directory.lstat(name);
    const type = stats && Number(stats.mode) & S_IFMT;
    if (type === S_IFDIR) throw new FileError("EISDIR");
    if (type !== undefined && type !== S_IFREG) throw new FileError("EINVAL");
    truncate(directory, name, changes.size);
  }
  const stats = (): HostStats => {
    const found = directory.lstat(name);
    if (!found) throw new FileError("ENOENT");
    return found;
  };
  change(directory, name, { changes, stats });
}

/** A file that has no name any more, by one of those that are open; that one may not be for writing. */
export function changeNameless(file: HostFile, { size, ...others }: AttributeChanges): void {
  if (size !== undefined) {
    const writable = file.reopen(O_WRONLY);
    try {
      writable.change({ size });
    } finally {
      writable.close();
    }
  }
  file.change(others);
}

function change(
  directory: HostDirectory,
  name: string,
  { changes, stats }: { readonly changes: AttributeChanges; readonly stats: () => HostStats },
): void {
  const { mode, uid, gid } = changes;
  if (uid !== undefined || gid !== undefined) directory.chown(name, uid, gid);
  if (mode !== undefined)
    directory.chmod(name, allowedMode((Number(stats().mode) & S_IFMT) | (mode & 0o7777)));
  const times = timesOf(changes);
  if (times) directory.setTimes(name, times);
}

function truncate(directory: HostDirectory, name: string, size: number): void {
  const file = directory.open(name, O_WRONLY);
  try {
    file.change({ size });
  } finally {
    file.close();
  }
}
