import { TswslError } from "../../base/errors.ts";
import type { HostReport } from "../../protocol/host.ts";
import { evaluateLinux } from "./linux/evaluate-linux.ts";
import { gatherLinux, type HostPlace } from "./linux/gather-linux.ts";

/** Looks at this host and says what tswsl lacks on it. Raises `unsupported` on a platform that it cannot run on. */
export async function inspectHost(place: HostPlace, signal: AbortSignal): Promise<HostReport> {
  switch (process.platform) {
    case "linux":
      return { platform: "linux", findings: [...evaluateLinux(await gatherLinux(place, signal))] };
    default:
      throw new TswslError("unsupported", `tswsl does not run on ${process.platform}`);
  }
}
