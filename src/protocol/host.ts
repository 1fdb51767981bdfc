import * as v from "valibot";

/**
 * What the host tool answers: the program beside the daemon's that looks at the host for clients. It is
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

const HostReport = v.object({ platform: v.string(), findings: v.array(Finding) });

/** The optional features of Windows that tswsl can use. */
export const PlatformFeature = v.picklist(["VirtualMachinePlatform", "HypervisorPlatform"]);

/** The tool's one line of output, whatever becomes of it. */
export const HostAnswer = v.union([
  v.object({ report: HostReport }),
  v.object({
    error: v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) }),
  }),
]);

export type FindingState = v.InferOutput<typeof FindingState>;
export type Finding = v.InferOutput<typeof Finding>;
export type HostReport = v.InferOutput<typeof HostReport>;
export type PlatformFeature = v.InferOutput<typeof PlatformFeature>;
export type HostAnswer = v.InferOutput<typeof HostAnswer>;
