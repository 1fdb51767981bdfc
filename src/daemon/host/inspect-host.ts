import { TswslError } from "../../base/errors.ts";
import type { HostReport } from "../../protocol/host.ts";
import type { HostPlace } from "./host-place.ts";

/** Looks at this host and says what tswsl lacks on it. Raises `unsupported` on a platform that it cannot run on. */
export async function inspectHost(place: HostPlace, signal: AbortSignal): Promise<HostReport> {
  return { platform: process.platform, ...(await examine(place, signal)) };
}

/** Each platform's inquiries are loaded there alone. */
async function examine(place: HostPlace, signal: AbortSignal): Promise<Omit<HostReport, "platform">> {
  switch (process.platform) {
    case "linux": {
      const { gatherLinux } = await import("./linux/gather-linux.ts");
      const { evaluateLinux } = await import("./linux/evaluate-linux.ts");
      const findings = evaluateLinux(await gatherLinux(place, signal));
      return { findings: [...findings], features: { enable: [], restart: false } };
    }
    case "win32": {
      const { gatherWindows } = await import("./windows/gather-windows.ts");
      const { evaluateWindows } = await import("./windows/evaluate-windows.ts");
      const { featuresToEnable } = await import("./windows/features-to-enable.ts");
      const facts = await gatherWindows(place, signal);
      return { findings: [...evaluateWindows(facts)], features: featuresToEnable(facts) };
    }
    default:
      throw new TswslError("unsupported", `tswsl does not run on ${process.platform}`);
  }
}
