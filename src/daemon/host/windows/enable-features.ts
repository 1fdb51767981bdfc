import { TswslError } from "../../../base/errors.ts";
import type { PlatformChange, PlatformFeature } from "../../../protocol/host.ts";
import type { Dism } from "./native/dism.ts";

/**
 * Switches on those of the features that are off. Raises `unsupported` for one that this Windows does not have, and what
 * the DISM API raises.
 */
export function enableFeatures(dism: Dism, features: readonly PlatformFeature[]): PlatformChange {
  const states = features.map((feature) => ({ feature, state: dism.featureState(feature) }));
  const unknown = states.find(({ state }) => state === "absent");
  // Looked at before anything is changed.
  if (unknown) {
    throw new TswslError("unsupported", `this Windows has no feature ${unknown.feature}`, {
      hint: "Windows 10 2004 (build 19041) or later on x64 has it; see yours: winver",
    });
  }
  const present = states.filter(({ state }) => state === "on").map(({ feature }) => feature);
  const enabled = states.filter(({ state }) => state === "off").map(({ feature }) => feature);
  const restarts = enabled.map((feature) => dism.enable(feature));
  const waiting = states.some(({ state }) => state === "pending");
  return { enabled, present, restartNeeded: waiting || restarts.includes(true) };
}
