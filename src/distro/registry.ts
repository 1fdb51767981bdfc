import * as v from "valibot";
import { TswslError } from "../base/errors.ts";
import { checkDistroName, sameName } from "../base/names.ts";
import { StateFile } from "../base/state-file.ts";
import { DistroLimits, HostFolder } from "../protocol/daemon.ts";

const DistroRecord = v.object({
  /** Identity in the store; the name can change, this cannot. */
  id: v.pipe(v.string(), v.uuid()),
  name: v.string(),
  flavor: v.nullable(v.string()),
  osVersion: v.nullable(v.string()),
  installedAt: v.string(),
  keepAlive: v.boolean(),
  /** Its address on the VM's bridge: given at the first start and kept. */
  address: v.nullable(v.string()),
  /** Absent: none. */
  limits: v.optional(DistroLimits),
  /** Folders of the host that were chosen for it; absent: none. */
  hostFolders: v.optional(v.array(HostFolder)),
  /** Being unregistered: finished at the next start of the VM if it was interrupted. */
  removing: v.optional(v.literal(true)),
});

const RegistryFile = v.object({
  version: v.literal(1),
  default: v.nullable(v.string()),
  distros: v.array(DistroRecord),
});

export type DistroRecord = v.InferOutput<typeof DistroRecord>;
export const noLimits: DistroLimits = { memoryMiB: null, cpus: null, pids: null };

type Changes = Partial<Omit<DistroRecord, "id">>;
type RegistryFile = v.InferOutput<typeof RegistryFile>;

const noDistros = "Install one: tswsl install debian --bootstrap (or see: tswsl list --online)";

/** The installed distros, in the order of installation. Every change is on disk before its call returns. */
export class Registry {
  readonly #file: StateFile<typeof RegistryFile>;
  #content: RegistryFile;
  readonly #onChange = new Set<() => void>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: StateFile<typeof RegistryFile>, content: RegistryFile) {
    this.#file = file;
    this.#content = content;
  }

  /** Calls back after each change. */
  onChange(callback: () => void): void {
    this.#onChange.add(callback);
  }

  /** Reads the registry, or begins an empty one. Raises `invalid-state` when the file cannot be understood. */
  static async open(path: string): Promise<Registry> {
    const file = new StateFile(path, RegistryFile);
    return new Registry(file, (await file.read()) ?? { version: 1, default: null, distros: [] });
  }

  get all(): readonly DistroRecord[] {
    return this.#content.distros;
  }

  /** The default distro's record: the chosen one, else the only sensible answer, the first. */
  get default(): DistroRecord | undefined {
    const usable = this.all.filter((distro) => !distro.removing);
    return usable.find((distro) => distro.id === this.#content.default) ?? usable[0];
  }

  /** The distro of this name, or the default one. Raises `not-found` with what to do about it. */
  resolve(name: string | undefined): DistroRecord {
    if (name === undefined) {
      if (this.default) return this.default;
      throw new TswslError("not-found", "no distribution is installed", { hint: noDistros });
    }
    const found = this.find(name);
    if (found) return found;
    const names = this.all.map((distro) => distro.name).join(", ");
    throw new TswslError("not-found", `there is no distribution named '${name}'`, {
      hint: names === "" ? noDistros : `Installed: ${names}`,
    });
  }

  find(name: string): DistroRecord | undefined {
    return this.all.find((distro) => sameName(distro.name, name));
  }

  /** What it may take now, whatever a record read before says. */
  limitsOf(id: string): DistroLimits {
    return this.all.find((distro) => distro.id === id)?.limits ?? noLimits;
  }

  /** Raises `exists` when the name is taken and `invalid-argument` when it cannot be a name. */
  checkFree(name: string): void {
    checkDistroName(name);
    if (!this.find(name)) return;
    throw new TswslError("exists", `a distribution named '${name}' is already installed`, {
      hint: `Choose another with --name, or remove it: tswsl unregister ${name}`,
    });
  }

  async add(record: DistroRecord): Promise<void> {
    this.checkFree(record.name);
    await this.#change((content) => ({
      ...content,
      default: content.default ?? record.id,
      distros: [...content.distros, record],
    }));
  }

  /** Changes one record; `change` sees the registry as it is when its turn has come. Raises `not-found`. */
  async update(
    id: string,
    change: (record: DistroRecord, all: readonly DistroRecord[]) => Changes,
  ): Promise<DistroRecord> {
    await this.#change((content) => ({
      ...content,
      distros: content.distros.map((distro) =>
        distro.id === id ? { ...distro, ...change(distro, content.distros) } : distro,
      ),
    }));
    const updated = this.all.find((distro) => distro.id === id);
    if (updated) return updated;
    throw new TswslError("not-found", "the distribution was removed meanwhile");
  }

  /** Forgets a distro; if it was the default, the first that remains takes its place, as in WSL. */
  async remove(id: string): Promise<void> {
    await this.#change((content) => {
      const distros = content.distros.filter((distro) => distro.id !== id);
      return {
        ...content,
        distros,
        default: content.default === id ? (distros[0]?.id ?? null) : content.default,
      };
    });
  }

  async setDefault(id: string): Promise<void> {
    await this.#change((content) => ({ ...content, default: id }));
  }

  /** Changes are made one after the other, and seen only once they are on disk. */
  async #change(change: (content: RegistryFile) => RegistryFile): Promise<void> {
    const before = this.#writing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writing = promise;
    await before;
    try {
      const next = change(this.#content);
      await this.#file.write(next);
      this.#content = next;
      for (const callback of this.#onChange) callback();
    } finally {
      resolve();
    }
  }
}
