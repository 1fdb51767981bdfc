import { FileError } from "../../errors/file-error.ts";
import { isAscii } from "../../names.ts";
import { bytesFromUnits, unitsFromBytes } from "./utf8.ts";

/** What Linux may have in a name and Windows may not. */
// oxlint-disable-next-line no-control-regex -- those are meant
const FORBIDDEN = /[\u0001-\u001f"*:<>?\\|]/g;
/** The same, moved into Unicode's private use area: what drvfs, Cygwin and SMB's servers write. */
const ESCAPED = /[\uf001-\uf01f\uf022\uf02a\uf03a\uf03c\uf03e\uf03f\uf05c\uf07c]/g;
const AREA = 0xf000;
/** The longest name of NTFS, in 16-bit units. */
const MAX_UNITS = 255;

/**
 * What Win32 takes for a device, with any extension: "Naming Files, Paths, and Namespaces" in its documentation. NTFS has no
 * objection, but no program of Windows could open or delete such a file.
 */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)( *[.:].*)?$/i;

/**
 * A name as NTFS is asked for it. Nothing of it is a separator, a stream's colon or a wildcard any more. Raises EILSEQ for what
 * is no UTF-8, ENAMETOOLONG above 255 units.
 */
export function windowsName(name: string): string {
  const units = isAscii(name) ? name : unitsFromBytes(name);
  if (units === undefined) throw new FileError("EILSEQ");
  if (units.length > MAX_UNITS) throw new FileError("ENAMETOOLONG");
  return escaped(units);
}

/** As {@link windowsName}, of a name to be made. Raises EINVAL for one that programs of Windows could not open. */
export function newWindowsName(name: string): string {
  const made = windowsName(name);
  if (/[. ]$/.test(made) || DEVICE.test(made)) throw new FileError("EINVAL");
  return made;
}

/** A name of NTFS as Linux programs see it. */
export function linuxName(name: string): string {
  const units = unescaped(name);
  return isAscii(units) ? units : bytesFromUnits(units);
}

function escaped(units: string): string {
  return units.replaceAll(FORBIDDEN, (unit) => String.fromCharCode(AREA + unit.charCodeAt(0)));
}

function unescaped(units: string): string {
  return units.replaceAll(ESCAPED, (unit) => String.fromCharCode(unit.charCodeAt(0) - AREA));
}
