import type { HostTool } from "../../../../src/cli/host/host-tool.ts";
import type { Finding, HostReport, PlatformChange, PlatformFeature } from "../../../../src/protocol/host.ts";

export interface FakeHostOptions {
  readonly findings?: readonly Finding[];
  readonly features?: HostReport["features"];
  readonly change?: PlatformChange;
  /** What every question is answered with. */
  readonly failure?: Error;
}

/** A host that is as the test says, and remembers what was switched on. Without options nobody may look at it. */
export class FakeHost implements HostTool {
  readonly enabled: PlatformFeature[] = [];
  readonly #options: FakeHostOptions | undefined;

  constructor(options?: FakeHostOptions) {
    this.#options = options;
  }

  async report(): Promise<HostReport> {
    const { findings = [], features = { enable: [], restart: false }, failure } = this.#expected();
    if (failure) throw failure;
    return { platform: "linux", findings: [...findings], features };
  }

  async enable(features: readonly PlatformFeature[]): Promise<PlatformChange> {
    const { change, failure } = this.#expected();
    this.enabled.push(...features);
    if (failure) throw failure;
    return change ?? { enabled: [...features], present: [], restartNeeded: true };
  }

  #expected(): FakeHostOptions {
    if (this.#options) return this.#options;
    throw new Error("the test did not expect a look at the host");
  }
}
