/**
 * ntfs.node: ntdll.dll's calls for files, one function each and without policy. A handle is a number above zero. Every
 * function answers with a number: an NTSTATUS when that is negative (errors, and warnings such as "no more files"), else what is
 * said below. Structures are bytes, as the Windows Driver Kit's ntifs.h has them; src/fs-9p/host-disk/windows makes and reads them.
 * Arguments of the wrong type throw a TypeError.
 */

/** The addon's exports. */
export interface NtfsModule {
  /**
   * NtCreateFile of one name in the directory `root`, or of a whole NT path when that is zero; an empty name is `root` itself.
   * The handle is synchronous and shares reading, writing and deleting. Names are looked up without regard to case, unless
   * their directory says otherwise. `attributes` are a new file's FILE_ATTRIBUTE_*; `extended` its list of extended
   * attributes. Answers with the handle.
   */
  open(
    root: number,
    name: string,
    access: number,
    disposition: number,
    options: number,
    attributes: number,
    extended: Uint8Array | null,
  ): number;
  /** NtClose. */
  close(handle: number): number;
  /** NtQueryInformationFile. Answers with the bytes filled. */
  query(handle: number, informationClass: number, into: Uint8Array): number;
  /** NtSetInformationFile. */
  change(handle: number, informationClass: number, from: Uint8Array): number;
  /** NtQueryDirectoryFile, as many entries as fit; all or those of one name. Answers with the bytes filled. */
  list(
    handle: number,
    informationClass: number,
    restart: boolean,
    into: Uint8Array,
    only: string | null,
  ): number;
  /** NtQueryVolumeInformationFile. Answers with the bytes filled. */
  queryVolume(handle: number, informationClass: number, into: Uint8Array): number;
  /** NtQueryEaFile of those in the list `names`. Answers with the bytes filled. */
  queryAttributes(handle: number, names: Uint8Array, into: Uint8Array): number;
  /** NtSetEaFile. */
  changeAttributes(handle: number, from: Uint8Array): number;
  /** NtFsControlFile. Answers with the bytes filled. */
  control(handle: number, code: number, from: Uint8Array | null, into: Uint8Array | null): number;
  /** NtReadFile. Answers with the bytes read. */
  read(handle: number, into: Uint8Array, offset: number): number;
  /** NtWriteFile; at the file's end when `offset` is -1. Answers with the bytes written. */
  write(handle: number, from: Uint8Array, offset: number): number;
  /** NtFlushBuffersFile, on a thread of its own. The handle must stay open until then. */
  flush(handle: number): Promise<number>;
}
