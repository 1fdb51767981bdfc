import type { DistroLimits } from "../../protocol/daemon.ts";
import { formatCount, parseCpus, parsePids } from "../arguments/count.ts";
import { formatOnOff, parseOnOff } from "../arguments/on-off.ts";
import { formatMebibytes, parseMebibytes } from "../arguments/size.ts";
import type { SettingSpec } from "./settings.ts";

/** What `tswsl set NAME` can change. */
export type DistroSettings = DistroLimits & { readonly keepAlive: boolean };

const limitSpecs = {
  memory: {
    value: "SIZE",
    text: "Its limit of memory: 512M, 1G, none.",
    parse: (value) => ({ memoryMiB: parseMebibytes(value, "none") || null }),
    format: ({ memoryMiB }) => formatMebibytes(memoryMiB ?? 0, "none"),
  },
  cpus: {
    value: "N",
    text: "Its limit of processor time: 2 processors, 1.5, none.",
    parse: (value) => ({ cpus: parseCpus(value) }),
    format: ({ cpus }) => formatCount(cpus),
  },
  pids: {
    value: "N",
    text: "Its limit of processes and threads: 500, none.",
    parse: (value) => ({ pids: parsePids(value) }),
    format: ({ pids }) => formatCount(pids),
  },
} as const satisfies Readonly<Record<string, SettingSpec<DistroLimits>>>;

type LimitName = keyof typeof limitSpecs;

/** The settings of one distribution, by the name of their option. */
export const distroSettingSpecs = {
  ...limitSpecs,
  "keep-alive": {
    value: "on|off",
    text: "On keeps it running without a command.",
    parse: (value) => ({ keepAlive: parseOnOff(value) }),
    format: ({ keepAlive }) => formatOnOff(keepAlive),
  },
} as const satisfies Readonly<Record<string, SettingSpec<DistroSettings>>>;

export type DistroSettingName = keyof typeof distroSettingSpecs;

/** The option that sets a limit at once when installing. */
export function limitOption(name: LimitName): { names: string[]; value: string; text: string } {
  const { value, text } = limitSpecs[name];
  return { names: [`--${name}`], value, text };
}

/** The limits that these options mean, if there are any. Raises `invalid-argument`. */
export function parseLimits(
  values: Readonly<Record<LimitName, string | undefined>>,
): Partial<DistroLimits> | undefined {
  const { memory, cpus, pids } = values;
  const given = {
    ...(memory === undefined ? {} : limitSpecs.memory.parse(memory)),
    ...(cpus === undefined ? {} : limitSpecs.cpus.parse(cpus)),
    ...(pids === undefined ? {} : limitSpecs.pids.parse(pids)),
  };
  return Object.keys(given).length === 0 ? undefined : given;
}

/** Settings as the daemon takes them: the limits together. */
export function asChanges({ keepAlive, ...limits }: Partial<DistroSettings>): {
  keepAlive?: boolean;
  limits?: Partial<DistroLimits>;
} {
  return {
    ...(keepAlive === undefined ? {} : { keepAlive }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}
