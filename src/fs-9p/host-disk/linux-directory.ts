import { isUtf8 } from "node:buffer";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";
import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { FileSystemStatistics } from "../file-system.ts";
import { NAME_MAX, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_PATH, S_IFIFO } from "../linux.ts";
import { isAscii } from "../names.ts";
import type { HostDirectory, ListedName, NewFile, Times } from "./host-directory.ts";
import { LinuxFile } from "./linux-file.ts";
import { fdPath, processUmask } from "./proc.ts";
import { nodeTimes } from "./times.ts";
import { type NameWatch, type OnName, watchNames } from "./watch-names.ts";

const execute = promisify(execFile);
/** It makes one system call; a host that takes longer is in trouble. */
const MKFIFO_MS = 10_000;
const bigint = { bigint: true } as const;
const bigintOrMissing = { bigint: true, throwIfNoEntry: false } as const;
/** V9FS_MAGIC of linux/magic.h: what files of this mount really lie on is no business of programs that would try its ioctls. */
const V9FS_MAGIC = 0x0102_1997;

/**
 * A directory by descriptor. Node has no openat(2) and its like, but `/proc/<pid>/fd/N/name` is the same thing: the
 * kernel goes to the directory that descriptor N holds, wherever it has been moved to, and takes one name from there. The
 * descriptor is O_PATH: it needs no permission to read and keeps no file busy.
 */
export class LinuxDirectory implements HostDirectory {
  readonly staysWhileOpen = false;
  readonly #fd: number;
  readonly #prefix: string;
  readonly #self: string;

  private constructor(fd: number) {
    this.#fd = fd;
    this.#prefix = `${fdPath(fd)}/`;
    this.#self = `${this.#prefix}.`;
  }

  /** ENOENT, ENOTDIR. The path itself may lead through symbolic links: it is the owner's, not the client's. */
  static open(path: string): LinuxDirectory {
    return translated(() => new LinuxDirectory(fs.openSync(path, O_PATH | O_DIRECTORY)));
  }

  lstat(name: string): fs.BigIntStats | undefined {
    return translated(() => fs.lstatSync(this.#path(name), bigintOrMissing));
  }

  stat(): fs.BigIntStats {
    return translated(() => fs.fstatSync(this.#fd, bigint));
  }

  list(): readonly ListedName[] {
    return translated(() => fs.readdirSync(this.#self, "latin1").map((name) => ({ name })));
  }

  openDirectory(name: string): HostDirectory {
    return translated(
      () => new LinuxDirectory(fs.openSync(this.#path(name), O_PATH | O_DIRECTORY | O_NOFOLLOW)),
    );
  }

  open(name: string, flags: number): LinuxFile {
    return translated(() => {
      const fd = fs.openSync(this.#path(name), flags | O_NOFOLLOW | O_NONBLOCK);
      if (fs.fstatSync(fd).isFile()) return new LinuxFile(fd);
      fs.closeSync(fd);
      throw new FileError("ENXIO");
    });
  }

  create(name: string, flags: number, { mode }: NewFile): LinuxFile {
    return translated(() => {
      const fd = fs.openSync(this.#path(name), flags | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
      if ((mode & processUmask()) !== 0) fs.fchmodSync(fd, mode);
      return new LinuxFile(fd);
    });
  }

  mkdir(name: string, { mode }: NewFile): void {
    translated(() => {
      fs.mkdirSync(this.#path(name), mode);
      // mkdir(2) takes the permission bits only, and the umask off.
      if ((mode & (processUmask() | 0o7000)) !== 0) this.chmod(name, mode);
    });
  }

  symlink(name: string, target: string): void {
    translated(() => fs.symlinkSync(bytesOf(target), this.#path(name)));
  }

  /** Node has no mkfifo(2); coreutils has. Its argument reaches our descriptor because the path names this process. */
  async mknod(name: string, type: number, { mode }: NewFile): Promise<void> {
    // A device would be the host's, and a socket has no one behind it.
    if (type !== S_IFIFO) throw new FileError("EPERM");
    const bytes = Buffer.from(name, "latin1");
    // An argument given to a program is text.
    if (!isUtf8(bytes)) throw new FileError("EINVAL");
    if (this.lstat(name)) throw new FileError("EEXIST");
    const path = `${fdPath(this.#fd)}/${bytes.toString()}`;
    try {
      await execute("mkfifo", ["-m", (mode & 0o777).toString(8), "--", path], { timeout: MKFIFO_MS });
    } catch (error) {
      throw new FileError(this.lstat(name) ? "EEXIST" : "EACCES", { cause: error });
    }
  }

  readlink(name: string): string {
    return translated(() => fs.readlinkSync(this.#path(name), "latin1"));
  }

  link(name: string, directory: HostDirectory, newName: string): void {
    translated(() => fs.linkSync(this.#path(name), ours(directory).#path(newName)));
  }

  rename(name: string, directory: HostDirectory, newName: string): void {
    translated(() => fs.renameSync(this.#path(name), ours(directory).#path(newName)));
  }

  unlink(name: string): void {
    translated(() => fs.unlinkSync(this.#path(name)));
  }

  rmdir(name: string): void {
    translated(() => fs.rmdirSync(this.#path(name)));
  }

  /** Through a descriptor that names the file itself: chmod(2) would follow a symbolic link put there meanwhile. */
  chmod(name: string, mode: number): void {
    translated(() => {
      const fd = fs.openSync(this.#path(name), O_PATH | O_NOFOLLOW);
      try {
        if (fs.fstatSync(fd).isSymbolicLink()) throw new FileError("EOPNOTSUPP");
        fs.chmodSync(fdPath(fd), mode);
      } finally {
        fs.closeSync(fd);
      }
    });
  }

  chown(name: string, uid = -1, gid = -1): void {
    translated(() => fs.lchownSync(this.#path(name), uid, gid));
  }

  setTimes(name: string, times: Times): void {
    translated(() => {
      const path = this.#path(name);
      const [accessed, modified] = nodeTimes(times, () => fs.lstatSync(path));
      fs.lutimesSync(path, accessed, modified);
    });
  }

  statfs(): FileSystemStatistics {
    const { bsize, blocks, bfree, bavail, files, ffree } = translated(() => fs.statfsSync(this.#self));
    return {
      type: V9FS_MAGIC,
      blockSize: bsize,
      blocks,
      freeBlocks: bfree,
      availableBlocks: bavail,
      files,
      freeFiles: ffree,
      id: 0,
      nameLength: NAME_MAX,
    };
  }

  async fsync(): Promise<void> {
    try {
      const directory = await fs.promises.open(this.#self, O_DIRECTORY);
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    } catch (error) {
      throw toFileError(error);
    }
  }

  watch(onName: OnName): NameWatch {
    return watchNames(this.#self, onName);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  /** `.` is the directory itself. */
  #path(name: string): string | Buffer {
    return bytesOf(this.#prefix + name);
  }
}

/** Node writes strings as UTF-8, which is the same bytes for ASCII only. */
function bytesOf(byteString: string): string | Buffer {
  return isAscii(byteString) ? byteString : Buffer.from(byteString, "latin1");
}

function ours(directory: HostDirectory): LinuxDirectory {
  if (directory instanceof LinuxDirectory) return directory;
  throw new FileError("EXDEV");
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFileError(error);
  }
}
