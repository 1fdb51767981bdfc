/** Numbers of the Windows Driver Kit's ntifs.h, wdm.h and ntstatus.h that cross the border to ntfs.node. */

export const access = {
  readData: 0x1,
  writeData: 0x2,
  /** Of a directory: new files, new directories, and removing what is in it. */
  changeEntries: 0x2 | 0x4 | 0x40,
  readExtended: 0x8,
  writeExtended: 0x10,
  execute: 0x20,
  readAttributes: 0x80,
  writeAttributes: 0x100,
  delete: 0x1_0000,
} as const;

export const disposition = { open: 1, create: 2 } as const;

/** FILE_OPEN_REPARSE_POINT: a link is opened itself. FILE_OPEN_FOR_BACKUP_INTENT: an administrator's backup right counts. */
export const openOptions = {
  directory: 0x1,
  notDirectory: 0x40,
  forBackup: 0x4000,
  reparsePoint: 0x20_0000,
} as const;

export const attributes = {
  readOnly: 0x1,
  directory: 0x10,
  normal: 0x80,
  reparsePoint: 0x400,
} as const;

/** FILE_INFORMATION_CLASS. */
export const fileInformation = {
  basic: 4,
  rename: 10,
  link: 11,
  disposition: 13,
  all: 18,
  endOfFile: 20,
  attributeTag: 35,
  idBothDirectory: 37,
  dispositionEx: 64,
  renameEx: 65,
  statLx: 70,
  caseSensitive: 71,
} as const;

/** FS_INFORMATION_CLASS. */
export const volumeInformation = { volume: 1, attribute: 5, fullSize: 7 } as const;

/** FileFsAttributeInformation's flags. */
export const volumeFlags = { reparsePoints: 0x80, extendedAttributes: 0x80_0000 } as const;

export const control = { setReparsePoint: 0x9_00a4, getReparsePoint: 0x9_00a8 } as const;

/** IO_REPARSE_TAG_*. */
export const reparseTag = {
  mountPoint: 0xa000_0003,
  symlink: 0xa000_000c,
  appExecLink: 0x8000_001b,
  lxSymlink: 0xa000_001d,
  afUnix: 0x8000_0023,
  lxFifo: 0x8000_0024,
  lxCharacter: 0x8000_0025,
  lxBlock: 0x8000_0026,
} as const;

/** IsReparseTagNameSurrogate: such a file stands for another name. */
export const isNameSurrogate = (tag: number): boolean => (tag & 0x2000_0000) !== 0;

/** NTSTATUS, as ntfs.node gives them: negative. */
export const status = {
  bufferOverflow: 0x8000_0005 | 0,
  noMoreFiles: 0x8000_0006 | 0,
  notImplemented: 0xc000_0002 | 0,
  invalidInfoClass: 0xc000_0003 | 0,
  invalidParameter: 0xc000_000d | 0,
  noSuchFile: 0xc000_000f | 0,
  invalidDeviceRequest: 0xc000_0010 | 0,
  endOfFile: 0xc000_0011 | 0,
  accessDenied: 0xc000_0022 | 0,
  objectNameInvalid: 0xc000_0033 | 0,
  objectNameNotFound: 0xc000_0034 | 0,
  objectPathNotFound: 0xc000_003a | 0,
  sharingViolation: 0xc000_0043 | 0,
  noEasOnFile: 0xc000_0052 | 0,
  deletePending: 0xc000_0056 | 0,
  privilegeNotHeld: 0xc000_0061 | 0,
  fileIsADirectory: 0xc000_00ba | 0,
  notSupported: 0xc000_00bb | 0,
  fileDeleted: 0xc000_0123 | 0,
} as const;

/** FileDispositionInformationEx's flags: delete, POSIX semantics, ignore the read-only attribute. */
export const posixDelete = 0x1 | 0x2 | 0x10;
/** FileRenameInformationEx's flags: replace what is there, POSIX semantics, ignore the read-only attribute. */
export const posixReplace = 0x1 | 0x2 | 0x40;
