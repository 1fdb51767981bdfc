import type { ComputeSystem, EventListener, HcsModule, Outcome } from "../../native/hcs/native.d.ts";

const ok: Outcome = { hresult: 0, document: null };

/** Calls of hcs.node, in the order they came, and answers that a test chooses. */
export class FakeHcs {
  readonly calls: string[] = [];
  /** By function: `system.start`, `grantVmAccess`. */
  readonly answers = new Map<string, Outcome>();
  listener: EventListener = () => {};

  readonly #system: ComputeSystem = {
    start: () => this.#answer("system.start"),
    terminate: () => this.#answer("system.terminate"),
    pause: () => this.#answer("system.pause"),
    save: () => this.#answer("system.save"),
    properties: () => this.#answer("system.properties"),
    modify: () => this.#answer("system.modify"),
    close: async () => void (await this.#answer("system.close")),
  };

  readonly module: HcsModule = {
    createComputeSystem: async (_id, _configuration, listener) => {
      this.listener = listener;
      const outcome = await this.#answer("createComputeSystem");
      return { ...outcome, system: outcome.hresult === 0 ? this.#system : null };
    },
    enumerateComputeSystems: () => this.#answer("enumerateComputeSystems"),
    getServiceProperties: () => this.#answer("getServiceProperties"),
    grantVmAccess: (_, path) => this.#answer("grantVmAccess", path),
    revokeVmAccess: (_, path) => this.#answer("revokeVmAccess", path),
    createEmptyRuntimeStateFile: (path) => this.#answer("createEmptyRuntimeStateFile", path),
    createNetwork: () => this.#answer("createNetwork"),
    queryNetwork: () => this.#answer("queryNetwork"),
    deleteNetwork: () => this.#answer("deleteNetwork"),
    createEndpoint: () => this.#answer("createEndpoint"),
    queryEndpoint: () => this.#answer("queryEndpoint"),
    deleteEndpoint: (id) => this.#answer("deleteEndpoint", id),
    enumerateEndpoints: () => this.#answer("enumerateEndpoints"),
  };

  async #answer(name: string, argument?: string): Promise<Outcome> {
    this.calls.push(argument === undefined ? name : `${name} ${argument}`);
    return this.answers.get(name) ?? ok;
  }
}
