/** Numbers of x86-64 Linux that cross the wire (uapi: asm-generic/fcntl.h, linux/stat.h, linux/9p headers). */

export const O_ACCMODE = 0o3;
export const O_WRONLY = 0o1;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_DSYNC = 0o10000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_SYNC = 0o4010000;
export const O_PATH = 0o10000000;

export const S_IFMT = 0o170000;
export const S_IFIFO = 0o010000;
export const S_IFCHR = 0o020000;
export const S_IFDIR = 0o040000;
export const S_IFBLK = 0o060000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;
export const S_IFSOCK = 0o140000;

/** Bits of a qid's type, 9P2000 intro(5) and 9P2000.u. */
export const QidType = { directory: 0x80, symlink: 0x02, file: 0x00 } as const;

/** The qid type of a file with this mode. */
export function qidTypeOf(mode: number): number {
  const type = mode & S_IFMT;
  if (type === S_IFDIR) return QidType.directory;
  return type === S_IFLNK ? QidType.symlink : QidType.file;
}

/** DT_* of readdir(3) for a file with this mode: its type bits, shifted (glibc's IFTODT). */
export function directoryTypeOf(mode: number): number {
  return (mode & S_IFMT) >> 12;
}

/** A device number as stat(2) has it (glibc's makedev, for major numbers below 4096). */
export function deviceNumber(major: number, minor: number): number {
  return (((major & 0xfff) << 8) | (minor & 0xff)) + (minor & 0xfff00) * 0x1000;
}

export const deviceMajor = (device: number): number => (device >>> 8) & 0xfff;
export const deviceMinor = (device: number): number => (device & 0xff) | ((device / 0x1000) & 0xfff00);

/** Tunlinkat's flag for a directory. */
export const AT_REMOVEDIR = 0x200;
/** The longest name Linux has. */
export const NAME_MAX = 255;
/** The longest target of a symbolic link that Linux takes, without its NUL. */
export const SYMLINK_MAX = 4095;
