/** How Windows's files look to Linux, by the names of drvfs's mount options. */
export interface DrvfsOptions {
  /** Keep owners and modes in the files' extended attributes, where the volume has such. */
  readonly metadata?: boolean | undefined;
  /** `dir`: directories made from now on tell capitals apart. */
  readonly case?: "off" | "dir" | undefined;
  /** Whom files belong to that say nothing else. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Permission bits that files without metadata do not have: all, files only, directories only. */
  readonly umask?: number | undefined;
  readonly fmask?: number | undefined;
  readonly dmask?: number | undefined;
  /** Where links to `C:\` lead: a directory of the distribution with one for each drive. */
  readonly symlinkRoot?: string | undefined;
}
