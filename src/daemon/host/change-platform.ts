import * as v from "valibot";
import { TswslError } from "../../base/errors.ts";
import { PlatformFeature, type PlatformChange } from "../../protocol/host.ts";

/** Switches optional features of Windows on. Raises `invalid-argument`, `unsupported`, `permission` or what DISM says. */
export async function changePlatform(names: readonly string[]): Promise<PlatformChange> {
  const features = v.safeParse(v.array(PlatformFeature), names);
  if (!features.success) throw new TswslError("invalid-argument", `no features: ${names.join(" ")}`);
  if (process.platform !== "win32") {
    throw new TswslError("unsupported", "only Windows has features to switch on");
  }
  const { loadKoffi } = await import("./windows/native/koffi.ts");
  const { withDism } = await import("./windows/native/dism.ts");
  const { enableFeatures } = await import("./windows/enable-features.ts");
  return withDism(loadKoffi(), (dism) => enableFeatures(dism, features.output));
}
