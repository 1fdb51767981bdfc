import type { VerbName } from "../arguments/verb-names.ts";
import type { Verb } from "./verb.ts";

/** Each verb is loaded when it is used: running a command, by far the most frequent deed, loads none. */
const loaders: Readonly<Record<VerbName, () => Promise<Verb>>> = {
  install: async () => (await import("./install.ts")).install,
  import: async () => (await import("./import.ts")).importVerb,
  list: async () => (await import("./list.ts")).list,
  "set-default": async () => (await import("./set-default.ts")).setDefault,
  terminate: async () => (await import("./terminate.ts")).terminate,
  shutdown: async () => (await import("./shutdown.ts")).shutdown,
  unregister: async () => (await import("./unregister.ts")).unregister,
  cp: async () => (await import("./cp.ts")).cp,
  ls: async () => (await import("./ls.ts")).ls,
  cat: async () => (await import("./cat.ts")).cat,
  open: async () => (await import("./open.ts")).open,
  path: async () => (await import("./path.ts")).path,
  set: async () => (await import("./set.ts")).set,
  "mount-host": async () => (await import("./mount-host.ts")).mountHost,
  status: async () => (await import("./status.ts")).status,
  version: async () => (await import("./version.ts")).version,
  doctor: async () => (await import("./doctor.ts")).doctor,
  logs: async () => (await import("./logs.ts")).logs,
  debug: async () => (await import("./debug.ts")).debug,
  help: async () => (await import("./help.ts")).help,
};

export async function loadVerb(name: VerbName): Promise<Verb> {
  return loaders[name]();
}
