import { FileError } from "./errors/file-error.ts";
import { NAME_MAX } from "./linux.ts";

/**
 * Throws unless the byte string can be a name in a directory: EINVAL for an empty one, `.`, `..`, `/` or NUL in it;
 * ENAMETOOLONG above 255 bytes. The one place where names from a peer are judged.
 */
export function checkName(name: string): void {
  if (name.length > NAME_MAX) throw new FileError("ENAMETOOLONG");
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) throw new FileError("EINVAL");
}

/** A name given as text, as Linux programs write it: UTF-8 bytes, one unit each. */
export function nameFromText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text).toString("latin1");
}

/** A byte string shown as text; bytes that are not UTF-8 become U+FFFD. */
export function textFromName(name: string): string {
  return isAscii(name) ? name : Buffer.from(name, "latin1").toString();
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
