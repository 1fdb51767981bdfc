import type { Settings } from "../../protocol/daemon.ts";
import { formatDuration, parseDuration } from "../arguments/duration.ts";
import { formatOnOff, parseOnOff } from "../arguments/on-off.ts";
import { formatMebibytes, parseMebibytes } from "../arguments/size.ts";
import { usageError } from "../arguments/usage-error.ts";

/** One setting as a user writes and reads it: `--key VALUE`. `S` is what it is a setting of. */
export interface SettingSpec<S> {
  /** Placeholder of its value in help. */
  readonly value: string;
  readonly text: string;
  /** Raises `invalid-argument` for a value that cannot be. */
  parse(value: string): Partial<S>;
  format(settings: S): string;
}

interface GlobalSpec extends SettingSpec<Settings> {
  /** True when a running virtual machine keeps the old value. */
  readonly atStart: boolean;
}

/** The settings of tswsl as a whole, by the name of their option; those of a distribution: distro-settings.ts. */
export const settingSpecs = {
  "distro-idle": {
    value: "TIME",
    text: "Stop a distribution this long after its last command: 15s, 5m, never.",
    parse: (value) => ({ distroIdleSeconds: parseDuration(value) }),
    format: ({ distroIdleSeconds }) => formatDuration(distroIdleSeconds),
    atStart: false,
  },
  "vm-idle": {
    value: "TIME",
    text: "Stop the virtual machine this long after its last distribution: 60s, never.",
    parse: (value) => ({ vmIdleSeconds: parseDuration(value) }),
    format: ({ vmIdleSeconds }) => formatDuration(vmIdleSeconds),
    atStart: false,
  },
  memory: {
    value: "SIZE",
    text: "Memory of the virtual machine: 2G, 512M; auto is half of the host's.",
    parse: (value) => ({ memoryMiB: parseMebibytes(value, "auto") }),
    format: ({ memoryMiB }) => formatMebibytes(memoryMiB, "auto"),
    atStart: true,
  },
  processors: {
    value: "N",
    text: "Its processors: a number; auto is all of the host's.",
    parse: (value) => ({ processors: parseProcessors(value) }),
    format: ({ processors }) => (processors === 0 ? "auto" : String(processors)),
    atStart: true,
  },
  catalogue: {
    value: "URL",
    text: "URL or absolute path of the list of distributions that can be installed.",
    parse: (value) => ({ catalogue: parseCatalogue(value) }),
    format: ({ catalogue }) => catalogue,
    atStart: false,
  },
  "saved-vm": {
    value: "on|off",
    text: "Start the virtual machine from a saved one where that is possible.",
    parse: (value) => ({ savedVm: parseOnOff(value) }),
    format: ({ savedVm }) => formatOnOff(savedVm),
    atStart: false,
  },
  "host-files": {
    value: "MODE",
    text: "The host's files in distributions: read-write, read-only, none.",
    parse: (value) => ({ hostFolders: parseHostFolders(value) }),
    format: ({ hostFolders }) => hostFolders,
    // What a distribution has mounted stays open to it.
    atStart: true,
  },
} as const satisfies Readonly<Record<string, GlobalSpec>>;

export type SettingName = keyof typeof settingSpecs;

function parseProcessors(value: string): number {
  if (value === "auto") return 0;
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw usageError(`'${value}' is not a number of processors`, "Write a number from 1 up, or auto.");
}

function parseHostFolders(value: string): Settings["hostFolders"] {
  if (value === "read-write" || value === "read-only" || value === "none") return value;
  throw usageError(
    `'${value}' is neither read-write nor read-only nor none`,
    "For example: --host-files read-only",
  );
}

function parseCatalogue(value: string): string {
  if (/^https?:\/\/./.test(value) || value.startsWith("/")) return value;
  throw usageError(
    `'${value}' is neither a URL nor an absolute path`,
    "For example: --catalogue /etc/tswsl/catalogue.json",
  );
}
