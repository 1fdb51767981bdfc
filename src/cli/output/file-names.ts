/** What would break a line, or a terminal; beside it, what is no UTF-8. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f]/g;
const notAscii = /[\u0080-\u00ff]/g;

/** The text of a byte string (one unit for each byte); undefined when it is not UTF-8. */
export function fileNameText(bytes: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, "latin1"));
  } catch {
    return undefined;
  }
}

/** A name for people, on one line: control characters, and every byte above ASCII in a name that is not UTF-8, as `\x…`. */
export function printableFileName(bytes: string): string {
  const text = fileNameText(bytes);
  return (text ?? bytes.replaceAll(notAscii, escaped)).replaceAll(unprintable, escaped);
}

/** For JSON: the text, with U+FFFD for what is no UTF-8; then `bytes` has the name in base64, so that nothing is lost. */
export function fileNameJson(bytes: string): { readonly name: string; readonly bytes?: string } {
  const text = fileNameText(bytes);
  if (text !== undefined) return { name: text };
  const buffer = Buffer.from(bytes, "latin1");
  return { name: buffer.toString("utf8"), bytes: buffer.toString("base64") };
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
