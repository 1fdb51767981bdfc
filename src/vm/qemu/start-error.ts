import { isTswslError, TswslError, type ErrorCode } from "../../base/errors.ts";

interface Complaint {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** What QEMU says when it cannot start, as far as the user can do something about it. */
const complaints: readonly Complaint[] = [
  {
    pattern: /Failed to get .* lock/,
    code: "unavailable",
    message: "a disk image is in use by another virtual machine",
    hint: "Find it: fuser -v IMAGE",
  },
  {
    pattern: /cannot set up guest memory|Cannot allocate memory/,
    code: "unavailable",
    message: "the host has not enough memory for the virtual machine",
    hint: "Give it less: tswsl set --memory 2G",
  },
  { pattern: /Failed to connect to '/, code: "not-found", message: "nobody listens on the console socket" },
  { pattern: /setpriv: failed to execute/, code: "unavailable", message: "QEMU cannot be executed" },
];

/** Why QEMU did not start: in our words when they are known, in its own otherwise. */
export function startError(error: unknown, stderr: string): unknown {
  // A caller's signal or a deadline, not QEMU: it had been killed by us.
  if (!isTswslError(error, "disconnected")) return error;
  const known = complaints.find(({ pattern }) => pattern.test(stderr));
  if (known)
    return new TswslError(known.code, `${known.message}: ${stderr}`, { hint: known.hint, cause: error });
  return new TswslError("unavailable", `QEMU did not start: ${stderr || "it gave no reason"}`, {
    cause: error,
  });
}
