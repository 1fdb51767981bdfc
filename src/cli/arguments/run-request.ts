/** A command line that runs something in a distro, understood. */
export interface RunRequest {
  /** Absent: the default distro. */
  readonly distro: string | undefined;
  /** Absent: the distro's own default user. */
  readonly user: string | undefined;
  /** Absolute, `~` or `~/…`. */
  readonly cwd: string;
  readonly shell: "login" | "standard" | "none";
  /** Without a shell the words as they are; with one, the line for it, or nothing for an interactive shell. */
  readonly argv: readonly string[];
  /** The command as typed, when it was the very first word: it may be a verb with a slip in it. */
  readonly bareWord: string | undefined;
}
