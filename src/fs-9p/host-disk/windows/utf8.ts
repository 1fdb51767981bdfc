const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A half of a pair that stands alone, as three bytes that are no UTF-8: the only thing that WTF-8 has besides. */
const LONE = /(\xed[\xa0-\xbf][\x80-\xbf])/;

/**
 * Names on Windows are 16-bit units, also halves of surrogate pairs that stand alone; the port's are bytes. Between them
 * stands WTF-8 (https://simonsapin.github.io/wtf-8/), which is UTF-8 wherever that will do. Undefined for bytes that are none.
 */
export function unitsFromBytes(bytes: string): string | undefined {
  try {
    const units = bytes
      .split(LONE)
      .map((part, index) =>
        index % 2 === 1 ? loneFromBytes(part) : decoder.decode(Buffer.from(part, "latin1")),
      )
      .join("");
    // Two halves written apart are a pair written wrong, and the same name would have two spellings.
    return bytesFromUnits(units) === bytes ? units : undefined;
  } catch {
    // The decoder's only error.
    return undefined;
  }
}

/** Total. */
export function bytesFromUnits(units: string): string {
  if (units.isWellFormed()) return Buffer.from(units).toString("latin1");
  let bytes = "";
  for (const character of units) {
    bytes += character.isWellFormed() ? Buffer.from(character).toString("latin1") : bytesOfLone(character);
  }
  return bytes;
}

function loneFromBytes(bytes: string): string {
  return String.fromCharCode(
    ((bytes.charCodeAt(0) & 0xf) << 12) | ((bytes.charCodeAt(1) & 0x3f) << 6) | (bytes.charCodeAt(2) & 0x3f),
  );
}

function bytesOfLone(unit: string): string {
  const code = unit.charCodeAt(0);
  return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}
