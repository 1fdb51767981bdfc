import { randomUUID } from "node:crypto";
import { mkdtemp, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { ComputeService, ComputeSystem } from "../../../src/vm/compute-service.ts";
import { computeSystemDocument, type UtilityVmSpec } from "../../../src/vm/document.ts";
import type { ComputeSystemDocument } from "../../../src/vm/hcs-types.ts";
import { hvSocketServiceId } from "../../../src/vm/hv-socket.ts";
import type { StreamAddress } from "../../../src/vm/stream-address.ts";
import type { NetworkService } from "../../../src/vm/network-service.ts";
import { ConsoleListener } from "../../support/console-listener.ts";
import { GuestClient } from "../../support/guest-client.ts";

/** One implementation under test, made anew for each test. */
export interface ComputeServiceHarness {
  readonly service: ComputeService;
  readonly network: NetworkService;
  /** In the form that the implementation boots. */
  readonly kernel: string;
  /** The initramfs made by buildConformanceGuest. */
  readonly initrd: string;
  /** Where the console listens: a pipe or a socket of this name can be made. */
  readonly console: (directory: string) => string;
  /** Gives a raw image the form that the implementation attaches, in place or beside it; returns its path. */
  readonly formDisk: (path: string) => Promise<string>;
  /** Opens what {@link ComputeSystem.offer} gave, as another thread would. */
  readonly open: (address: StreamAddress) => Promise<Duplex>;
  /** Ends the process behind a machine as a crash would. Present when `supports.kill`. */
  readonly kill?: (id: string) => unknown;
  /** Processes, descriptors and files that a closed service has left; empty when all is well. */
  readonly leftovers: () => Promise<readonly string[]>;
}

export interface Supports {
  /** The test can kill a machine from outside. */
  readonly kill: boolean;
}

export const PORT = 0x7473;
/** Of a caller who never gives up. */
export const { signal } = new AbortController();
export const MIB = 1024 * 1024;

/** Everything one test owns. */
export class Bench {
  readonly directory: string;
  readonly harness: ComputeServiceHarness;
  readonly console: ConsoleListener;
  readonly #systems: ComputeSystem[] = [];

  private constructor(directory: string, harness: ComputeServiceHarness, console: ConsoleListener) {
    this.directory = directory;
    this.harness = harness;
    this.console = console;
  }

  static async open(make: (directory: string) => Promise<ComputeServiceHarness>): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), "tswsl-vm-"));
    // The harness counts what is open before anything of the test is.
    const harness = await make(directory);
    const console = await ConsoleListener.open(harness.console(directory));
    return new Bench(directory, harness, console);
  }

  /** A disk of one MiB with some text at its start. */
  async image(name: string, text = name): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text);
    await truncate(path, MIB);
    return await this.harness.formDisk(path);
  }

  async document(changes: Partial<UtilityVmSpec> = {}): Promise<ComputeSystemDocument> {
    return computeSystemDocument({
      kernel: this.harness.kernel,
      initrd: this.harness.initrd,
      systemImage: await this.image("system.img"),
      memoryMiB: 256,
      processors: 1,
      console: this.console.path,
      ports: [PORT],
      kernelArguments: [`SERVICE=${hvSocketServiceId(PORT)}`],
      ...changes,
    });
  }

  async create(document?: ComputeSystemDocument, id: string = randomUUID()): Promise<ComputeSystem> {
    const system = await this.harness.service.create(id, document ?? (await this.document()), signal);
    this.#systems.push(system);
    return system;
  }

  /** A running machine whose guest answers. */
  async boot(document?: ComputeSystemDocument): Promise<{ system: ComputeSystem; guest: GuestClient }> {
    const system = await this.create(document);
    await system.start(signal);
    const guest = new GuestClient(await system.connect(PORT, signal));
    await guest.ask("ping");
    return { system, guest };
  }

  async close(): Promise<void> {
    await Promise.all(this.#systems.map((system) => system.close()));
    await this.console.close();
  }
}
