/** Each verb with what it does in a line, and WSL's spellings of it. The order is that of the help page. */
export const verbNames = {
  install: { summary: "Install a distribution", wsl: ["--install"] },
  list: { summary: "List distributions", wsl: ["--list", "-l"] },
  "set-default": { summary: "Choose the default distribution", wsl: ["--set-default", "--setdefault", "-s"] },
  terminate: { summary: "Stop a distribution", wsl: ["--terminate", "-t"] },
  shutdown: { summary: "Stop everything, and the virtual machine", wsl: ["--shutdown"] },
  unregister: { summary: "Delete a distribution and its files", wsl: ["--unregister"] },
  cp: { summary: "Copy files between this host and distributions", wsl: [] },
  ls: { summary: "List files of a distribution", wsl: [] },
  cat: { summary: "Print files of a distribution", wsl: [] },
  open: { summary: "Show files in Explorer or the file manager", wsl: [] },
  path: { summary: "Translate paths between this host and distributions", wsl: [] },
  set: { summary: "Show and change settings", wsl: [] },
  "mount-host": { summary: "Show a folder of this computer in a distribution", wsl: [] },
  status: { summary: "Show what is running, and where", wsl: ["--status"] },
  version: { summary: "Show versions", wsl: ["--version", "-v"] },
  doctor: { summary: "Say what tswsl lacks on this host, and what to do", wsl: [] },
  logs: { summary: "Show the daemon's or the virtual machine's log", wsl: [] },
  debug: { summary: "Look inside: the documents the virtual machine is made from", wsl: [] },
  help: { summary: "Explain a command", wsl: ["--help", "-h", "-?"] },
} as const satisfies Readonly<Record<string, { readonly summary: string; readonly wsl: readonly string[] }>>;

export type VerbName = keyof typeof verbNames | "import";

/** Every distribution has commands of these names: ours is meant when an argument says `debian:/etc`. */
const sharedNames: ReadonlySet<VerbName> = new Set<VerbName>(["cp", "ls", "cat"]);

/** True when the name is one of every distribution's commands as well, so that it alone does not tell the verb. */
export function isSharedName(verb: VerbName): boolean {
  return sharedNames.has(verb);
}

/** WSL's `--import` has no word of its own here: `import` is a command of ImageMagick. */
const importSpelling = "--import";

/** The verb that this first argument asks for, in our spelling or WSL's; undefined when it is none. */
export function verbFor(token: string): VerbName | undefined {
  if (token === importSpelling) return "import";
  for (const [name, { wsl }] of Object.entries(verbNames)) {
    // Object.entries of this table yields its own keys.
    if (token === name || (wsl as readonly string[]).includes(token)) return name as VerbName;
  }
  return undefined;
}

/** Everything that {@link verbFor} knows. */
export function verbSpellings(): readonly string[] {
  return [...Object.entries(verbNames).flatMap(([name, { wsl }]) => [name, ...wsl]), importSpelling];
}
