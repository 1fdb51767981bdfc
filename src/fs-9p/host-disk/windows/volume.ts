import type { NtfsModule } from "../../../../native/ntfs/native.d.ts";
import { errnoOfStatus } from "../../errors/nt-status.ts";
import { FileError } from "../../errors/file-error.ts";
import { nameFromText } from "../../names.ts";
import type { DrvfsOptions } from "./drvfs-options.ts";
import { encodeExtendedNames } from "./extended-attributes.ts";
import {
  ALL_BYTES,
  decodeAll,
  decodeListing,
  decodeStatLx,
  decodeVolumeAttributes,
  type FileFacts,
  STAT_LX_BYTES,
} from "./information.ts";
import { decodeMetadata, metadataNames } from "./metadata.ts";
import {
  access,
  attributes,
  disposition,
  fileInformation,
  openOptions,
  status,
  volumeFlags,
  volumeInformation,
} from "./nt.ts";
import type { VolumeFacts } from "./windows-stats.ts";

/** How a name is opened; links are never followed, unless it says so. */
export interface OpenHow {
  readonly access: number;
  readonly disposition?: number;
  readonly options?: number;
  /** Of a new file. */
  readonly attributes?: number;
  readonly extended?: Uint8Array | undefined;
  readonly through?: boolean;
}

/** Statuses that say that a file system does not have such a call. */
const unsupported: ReadonlySet<number> = new Set([
  status.notImplemented,
  status.invalidInfoClass,
  status.invalidParameter,
  status.invalidDeviceRequest,
  status.notSupported,
]);

export const isUnsupported = (result: number): boolean => unsupported.has(result);

/** There is no such name, or not any more. */
const absent: ReadonlySet<number> = new Set([
  status.objectNameNotFound,
  status.objectPathNotFound,
  status.noSuchFile,
  status.objectNameInvalid,
  status.deletePending,
]);

/** There is, but it cannot be opened. */
const hidden: ReadonlySet<number> = new Set([status.accessDenied, status.sharingViolation]);

/** One entry of a listing, with its two names. */
const LISTED_BYTES = 1024;

/** FILE_GET_EA_INFORMATION of all that we keep; their values take less than this. */
const metadataList = encodeExtendedNames(metadataNames);
const METADATA_BYTES = 256;

/** The 48 bits of NTFS's file numbers that are its record; above them is how often that was used. */
const NTFS_RECORD = 0xffff_ffff_ffffn;
const WHOLE = 0xffff_ffff_ffff_ffffn;

/** A volume of Windows, as one folder of it is served: the calls, and what is known of all its files. Errors are FileErrors. */
export class WindowsVolume {
  readonly ntfs: NtfsModule;
  readonly options: DrvfsOptions;
  readonly facts: VolumeFacts;
  readonly #supports: number;
  #statLx = true;

  /** `root`: a handle of the folder. */
  constructor(ntfs: NtfsModule, root: number, options: DrvfsOptions) {
    this.ntfs = ntfs;
    const { flags, name } = decodeVolumeAttributes(this.#query(root, volumeInformation.attribute));
    this.#supports = flags;
    const { metadata, symlinkRoot } = options;
    this.options = {
      ...options,
      metadata: metadata === true && this.keepsExtended,
      symlinkRoot: symlinkRoot === undefined ? undefined : nameFromText(symlinkRoot),
    };
    const { created, modified } = this.factsOf(root);
    this.facts = {
      device: this.deviceOf(root),
      fileIdMask: name === "NTFS" ? NTFS_RECORD : WHOLE,
      // A folder into which nothing has come yet looks so too; then it is not known of the files in it either.
      keepsCreation: created !== modified,
    };
  }

  /** The serial number of the volume that the handle's file is on. */
  deviceOf(handle: number): number {
    return this.#query(handle, volumeInformation.volume).readUInt32LE(8);
  }

  get keepsExtended(): boolean {
    return (this.#supports & volumeFlags.extendedAttributes) !== 0;
  }

  /** Whether it can have links and named pipes. */
  get keepsReparsePoints(): boolean {
    return (this.#supports & volumeFlags.reparsePoints) !== 0;
  }

  /** As {@link open}; a negative status instead of an error. */
  tryOpen(root: number, name: string, how: OpenHow): number {
    const { options = 0, through = false } = how;
    return this.ntfs.open(
      root,
      name,
      how.access,
      how.disposition ?? disposition.open,
      options | openOptions.forBackup | (through ? 0 : openOptions.reparsePoint),
      how.attributes ?? attributes.normal,
      how.extended ?? null,
    );
  }

  /** A handle of one name in the directory `root`, or of itself by the empty name. */
  open(root: number, name: string, how: OpenHow): number {
    return checked(this.tryOpen(root, name, how));
  }

  close(handle: number): void {
    this.ntfs.close(handle);
  }

  /** What `work` makes of a handle that is open for as long. */
  using<T>(root: number, name: string, how: OpenHow, work: (handle: number) => T): T {
    const handle = this.open(root, name, how);
    try {
      return work(handle);
    } finally {
      this.close(handle);
    }
  }

  /** Of a name; undefined when there is none. Also of one that may not be opened, so far as the listing tells. */
  look(root: number, name: string): FileFacts | undefined {
    return this.looking(root, name, (handle) => this.factsOf(handle)) ?? this.#listed(root, name);
  }

  /** What `work` makes of a handle for looking; undefined when there is no such name, or it may not be opened. */
  looking<T>(root: number, name: string, work: (handle: number) => T): T | undefined {
    let handle = this.tryOpen(root, name, { access: lookingAccess });
    if (handle === status.accessDenied) handle = this.tryOpen(root, name, { access: access.readAttributes });
    if (handle < 0) {
      if (absent.has(handle) || hidden.has(handle)) return undefined;
      throw new FileError(errnoOfStatus(handle));
    }
    try {
      return work(handle);
    } finally {
      this.close(handle);
    }
  }

  /** What the directory itself says of a file that nobody may open, such as the pagefile. */
  #listed(root: number, name: string): FileFacts | undefined {
    // A handle keeps the pattern of its first listing.
    const handle = this.tryOpen(root, "", { access: access.readData, options: openOptions.directory });
    if (handle < 0) return undefined;
    try {
      const bytes = Buffer.alloc(LISTED_BYTES);
      const length = this.ntfs.list(handle, fileInformation.idBothDirectory, true, bytes, name);
      return length < 0 ? undefined : decodeListing(bytes.subarray(0, length))[0];
    } finally {
      this.close(handle);
    }
  }

  change(handle: number, informationClass: number, from: Uint8Array): void {
    checked(this.ntfs.change(handle, informationClass, from));
  }

  /** Of what the handle stands for. It needs the right to read attributes, and for Linux's that to read extended ones. */
  factsOf(handle: number): FileFacts {
    if (this.#statLx) {
      const bytes = Buffer.alloc(STAT_LX_BYTES);
      const result = this.ntfs.query(handle, fileInformation.statLx, bytes);
      if (result >= 0) return decodeStatLx(bytes);
      // Other statuses are this file's: the right to read extended attributes is missing, for one.
      if (isUnsupported(result)) this.#statLx = false;
    }
    return this.#olderFactsOf(handle);
  }

  /** Where FILE_STAT_LX_INFORMATION is not known, or not allowed. */
  #olderFactsOf(handle: number): FileFacts {
    const bytes = Buffer.alloc(ALL_BYTES);
    const result = this.ntfs.query(handle, fileInformation.all, bytes);
    // There was no room for the name, which is not wanted.
    if (result !== status.bufferOverflow) checked(result);
    const facts = decodeAll(bytes);
    return { ...facts, tag: this.#tagOf(handle, facts.attributes), linux: this.#metadataOf(handle) };
  }

  #tagOf(handle: number, found: number): number {
    if ((found & attributes.reparsePoint) === 0) return 0;
    const bytes = Buffer.alloc(8);
    checked(this.ntfs.query(handle, fileInformation.attributeTag, bytes));
    return bytes.readUInt32LE(4);
  }

  #metadataOf(handle: number): FileFacts["linux"] {
    if (this.options.metadata !== true) return {};
    const bytes = Buffer.alloc(METADATA_BYTES);
    const length = this.ntfs.queryAttributes(handle, metadataList, bytes);
    // None, or none that we may see.
    return length < 0 ? {} : decodeMetadata(bytes.subarray(0, length));
  }

  #query(handle: number, informationClass: number): Buffer {
    const bytes = Buffer.alloc(1024);
    const length = checked(this.ntfs.queryVolume(handle, informationClass, bytes));
    return bytes.subarray(0, length);
  }
}

/** The rights with which a file is looked at. */
export const lookingAccess = access.readAttributes | access.readExtended;

/** The result, when it is no error. */
export function checked(result: number): number {
  if (result < 0) throw new FileError(errnoOfStatus(result));
  return result;
}
