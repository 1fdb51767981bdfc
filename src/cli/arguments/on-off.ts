import { usageError } from "./usage-error.ts";

/** A switch written as a value. Raises `invalid-argument`. */
export function parseOnOff(text: string): boolean {
  if (text === "on") return true;
  if (text === "off") return false;
  throw usageError(`'${text}' is neither on nor off`, "Write on or off.");
}

/** Reads back with {@link parseOnOff}. */
export function formatOnOff(value: boolean): string {
  return value ? "on" : "off";
}
