import type { HostReport } from "../../protocol/host.ts";

/** What the verbs need of the host tool, see protocol/host.ts. */
export interface HostTool {
  /** What tswsl lacks on this host. Works without a daemon. */
  report(signal: AbortSignal): Promise<HostReport>;
}
