import type { Settings } from "../../protocol/daemon.ts";
import { formatDuration, parseDuration } from "../arguments/duration.ts";
import { formatMebibytes, parseMebibytes } from "../arguments/size.ts";
import { usageError } from "../arguments/usage-error.ts";

/** One setting as a user writes and reads it. */
export interface SettingSpec {
  readonly text: string;
  /** Raises `invalid-argument` for a value that cannot be. */
  parse(value: string): Partial<Settings>;
  format(settings: Settings): string;
  /** True when a running virtual machine keeps the old value. */
  readonly atStart: boolean;
}

/** The settings of tswsl as a whole; those of a distribution are in set.ts. */
export const settingSpecs = {
  "distro-idle": {
    text: "Stop a distribution this long after its last command: 15s, 5m, never.",
    parse: (value) => ({ distroIdleSeconds: parseDuration(value) }),
    format: ({ distroIdleSeconds }) => formatDuration(distroIdleSeconds),
    atStart: false,
  },
  "vm-idle": {
    text: "Stop the virtual machine this long after its last distribution: 60s, never.",
    parse: (value) => ({ vmIdleSeconds: parseDuration(value) }),
    format: ({ vmIdleSeconds }) => formatDuration(vmIdleSeconds),
    atStart: false,
  },
  memory: {
    text: "Memory of the virtual machine: 2G, 512M; auto is half of the host's.",
    parse: (value) => ({ memoryMiB: parseMebibytes(value) }),
    format: ({ memoryMiB }) => formatMebibytes(memoryMiB),
    atStart: true,
  },
  processors: {
    text: "Its processors: a number; auto is all of the host's.",
    parse: (value) => ({ processors: parseProcessors(value) }),
    format: ({ processors }) => (processors === 0 ? "auto" : String(processors)),
    atStart: true,
  },
  catalogue: {
    text: "URL or absolute path of the list of distributions that can be installed.",
    parse: (value) => ({ catalogue: parseCatalogue(value) }),
    format: ({ catalogue }) => catalogue,
    atStart: false,
  },
} as const satisfies Readonly<Record<string, SettingSpec>>;

export type SettingName = keyof typeof settingSpecs;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingSpecs, name);
}

function parseProcessors(value: string): number {
  if (value === "auto") return 0;
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw usageError(`'${value}' is not a number of processors`, "Write a number from 1 up, or auto.");
}

function parseCatalogue(value: string): string {
  if (/^https?:\/\/./.test(value) || value.startsWith("/")) return value;
  throw usageError(
    `'${value}' is neither a URL nor an absolute path`,
    "For example: catalogue=/etc/tswsl/catalogue.json",
  );
}
