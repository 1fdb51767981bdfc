import * as v from "valibot";

/**
 * What the host tool answers: the program beside the daemon's that looks at the host, and changes it, for clients. It is
 * a process of its own so that it answers when the daemon cannot start, and so that clients load no native code.
 */

/** `warning`: tswsl works, but slower or without something. `missing`: it does not. */
const FindingState = v.picklist(["ok", "warning", "missing"]);

export const Finding = v.object({
  /** A short stable name of what was looked at: `accelerator`. */
  check: v.string(),
  state: FindingState,
  /** What was found. */
  what: v.string(),
  /** What to do about it: a sentence or commands. Null when there is nothing to do. */
  remedy: v.nullable(v.string()),
});

/** The optional features of Windows that tswsl can use. */
export const PlatformFeature = v.picklist(["VirtualMachinePlatform", "HypervisorPlatform"]);

const HostReport = v.object({
  platform: v.string(),
  findings: v.array(Finding),
  features: v.object({
    /** Off, and to be switched on by `install --no-distribution`. */
    enable: v.array(PlatformFeature),
    /** One was switched on and waits for a restart. */
    restart: v.boolean(),
  }),
});

const PlatformChange = v.object({
  /** Switched on now. */
  enabled: v.array(PlatformFeature),
  /** Those that were on before. */
  present: v.array(PlatformFeature),
  restartNeeded: v.boolean(),
});

/** The tool's one line of output, whatever becomes of it. */
export const HostAnswer = v.union([
  v.object({ report: HostReport }),
  v.object({ change: PlatformChange }),
  v.object({
    error: v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) }),
  }),
]);

export type FindingState = v.InferOutput<typeof FindingState>;
export type Finding = v.InferOutput<typeof Finding>;
export type HostReport = v.InferOutput<typeof HostReport>;
export type PlatformChange = v.InferOutput<typeof PlatformChange>;
export type PlatformFeature = v.InferOutput<typeof PlatformFeature>;
export type HostAnswer = v.InferOutput<typeof HostAnswer>;
