/**
 * The port behind which disk files are made, since each compute service wants its own: HCS a VHDX, QEMU a raw file. Both
 * are sparse: they take what is stored in them.
 */
export interface DiskFormat {
  /**
   * Makes an empty disk of this nominal size, a multiple of a MiB, in a file that does not exist yet. The caller renames it
   * once it is whole. Raises `unavailable` when it cannot be made; what there is of the file then is the caller's to remove.
   */
  create(path: string, bytes: number): Promise<void>;
}
