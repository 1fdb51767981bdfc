/** C0 (but tab and newline), DEL and C1: what a terminal would obey. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text that may have come from a distribution (an os-release, an error of its tools), with control characters made
 * visible: a distribution must not be able to send escape sequences to the user's terminal through our output.
 */
export function printable(text: string): string {
  return text.replaceAll(
    controls,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
