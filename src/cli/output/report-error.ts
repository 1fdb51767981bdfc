import { asTswslError } from "../../base/errors.ts";
import type { OutputStream } from "../cli.ts";
import { jsonText } from "./print.ts";
import { printable } from "./printable.ts";

/**
 * Says on standard error what failed and what to do next: `tswsl: <message>`, then `  → <hint>`. With `--json` it
 * is one line of JSON, `{"error":{"code","message","hint","details"}}`, also on standard error, so that standard output
 * never holds anything but an answer.
 */
export function reportError(stderr: OutputStream, error: unknown, json: boolean): void {
  const failure = asTswslError(error);
  if (json) {
    stderr.write(`${jsonText({ error: { hint: null, ...failure.toWire() } }, 0)}\n`);
    return;
  }
  const hint = failure.hint === undefined ? "" : `  → ${printable(failure.hint)}\n`;
  stderr.write(`tswsl: ${printable(failure.message)}\n${hint}`);
}

/** A remark that is no failure: `tswsl: <text>` on standard error. */
export function warn(stderr: OutputStream, text: string): void {
  stderr.write(`tswsl: ${printable(text)}\n`);
}
