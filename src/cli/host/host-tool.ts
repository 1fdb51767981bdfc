import type { HostReport, PlatformChange, PlatformFeature } from "../../protocol/host.ts";

/** What the verbs need of the host tool, see protocol/host.ts. */
export interface HostTool {
  /** What tswsl lacks on this host. Works without a daemon. */
  report(signal: AbortSignal): Promise<HostReport>;
  /**
   * Switches features of Windows on. When the caller gives up, Windows goes on or undoes it: it does the work in a service
   * of its own.
   */
  enable(features: readonly PlatformFeature[], signal: AbortSignal): Promise<PlatformChange>;
}
