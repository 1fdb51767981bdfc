import { TswslError } from "../../base/errors.ts";
import type { Finding, HostReport } from "../../protocol/host.ts";
import type { HostPlace } from "./host-place.ts";

/** Looks at this host and says what tswsl lacks on it. Raises `unsupported` on a platform that it cannot run on. */
export async function inspectHost(place: HostPlace, signal: AbortSignal): Promise<HostReport> {
  return { platform: process.platform, findings: [...(await findingsOf(place, signal))] };
}

/** Each platform's inquiries are loaded there alone. */
async function findingsOf(place: HostPlace, signal: AbortSignal): Promise<readonly Finding[]> {
  switch (process.platform) {
    case "linux": {
      const { gatherLinux } = await import("./linux/gather-linux.ts");
      const { evaluateLinux } = await import("./linux/evaluate-linux.ts");
      return evaluateLinux(await gatherLinux(place, signal));
    }
    case "win32": {
      const { gatherWindows } = await import("./windows/gather-windows.ts");
      const { evaluateWindows } = await import("./windows/evaluate-windows.ts");
      return evaluateWindows(await gatherWindows(place, signal));
    }
    default:
      throw new TswslError("unsupported", `tswsl does not run on ${process.platform}`);
  }
}
