import * as v from "valibot";
import { TswslError } from "../base/errors.ts";
import { StateFile } from "../base/state-file.ts";
import { Settings } from "../protocol/daemon.ts";
import { defaultCatalogueUrl } from "./catalogue/index.ts";

/** Only what was set is in the file. */
const SettingsFile = v.partial(Settings);

const defaults: Settings = {
  distroIdleSeconds: 15,
  vmIdleSeconds: 60,
  memoryMiB: 0,
  processors: 0,
  catalogue: defaultCatalogueUrl,
  savedVm: true,
  hostFolders: "read-write",
};

/** The VM needs this much for its kernel, the agent and one small distro. */
const MIN_MEMORY_MIB = 256;

/** The user's settings; what is not in the file has its default, so that a new setting needs no migration. */
export class SettingsStore {
  readonly #file: StateFile<typeof SettingsFile>;
  #current: Settings;

  private constructor(file: StateFile<typeof SettingsFile>, current: Settings) {
    this.#file = file;
    this.#current = current;
  }

  static async open(path: string): Promise<SettingsStore> {
    const file = new StateFile(path, SettingsFile);
    return new SettingsStore(file, { ...defaults, ...defined((await file.read()) ?? {}) });
  }

  get current(): Settings {
    return this.#current;
  }

  /** Checks and saves the changes. Raises `invalid-argument` for a value out of range. */
  async change(changes: Changes): Promise<Settings> {
    const next: Settings = { ...this.#current, ...defined(changes) };
    checkSettings(next);
    await this.#file.write(next);
    this.#current = next;
    return next;
  }
}

type Changes = { readonly [K in keyof Settings]?: Settings[K] | undefined };

function defined(changes: Changes): Partial<Settings> {
  // Dropping the undefined ones leaves exactly what Partial means.
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Partial<Settings>;
}

function checkSettings(settings: Settings): void {
  const { memoryMiB, processors } = settings;
  if (memoryMiB !== 0 && memoryMiB < MIN_MEMORY_MIB) {
    throw new TswslError(
      "invalid-argument",
      `${memoryMiB} MiB of memory is too little for the virtual machine`,
      {
        hint: `Give at least ${MIN_MEMORY_MIB}M, or 0 for half of this computer's memory.`,
      },
    );
  }
  if (processors < 0 || !Number.isInteger(processors)) {
    throw new TswslError("invalid-argument", `${processors} is not a number of processors`, {
      hint: "Give a whole number, or 0 for all of this computer's processors.",
    });
  }
}
