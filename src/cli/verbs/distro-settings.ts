import type { DistroSummary } from "../../protocol/daemon.ts";
import { formatOnOff, parseOnOff } from "../arguments/on-off.ts";
import type { SettingSpec } from "./settings.ts";

/** What `tswsl set NAME` can change. */
export type DistroSettings = Pick<DistroSummary, "keepAlive">;

/** The settings of one distribution, by the name of their option. */
export const distroSettingSpecs = {
  "keep-alive": {
    value: "on|off",
    text: "on keeps it running without a command.",
    parse: (value) => ({ keepAlive: parseOnOff(value) }),
    format: ({ keepAlive }) => formatOnOff(keepAlive),
  },
} as const satisfies Readonly<Record<string, SettingSpec<DistroSettings>>>;

export type DistroSettingName = keyof typeof distroSettingSpecs;
