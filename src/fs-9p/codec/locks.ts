import { FileError } from "../errors/file-error.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import type { Body } from "./messages.ts";

/** P9_LOCK_TYPE_*, in their order. */
const types = ["read", "write", "unlock"] as const;

type WireLock = Body<"Rgetlock">;

/** Throws EINVAL for a type or a range that cannot be. */
export function lockRequest({ type, start, length, procId, clientId }: WireLock): LockRequest {
  const known = types[type];
  if (known === undefined || !Number.isSafeInteger(start)) throw new FileError("EINVAL");
  // A lock to the very end of what 64 bits reach is a lock to the end.
  const reach = Number.isSafeInteger(start + length) ? length : 0;
  return { type: known, start, length: reach, processId: procId, clientId };
}

export function wireLock({ type, start, length, processId, clientId }: LockRequest): WireLock {
  return { type: types.indexOf(type), start, length, procId: processId, clientId };
}

/** P9_LOCK_SUCCESS and P9_LOCK_BLOCKED. */
export const lockStatusNumbers = { success: 0, blocked: 1 } as const satisfies Record<LockStatus, number>;
