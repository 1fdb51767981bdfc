import { inject } from "vitest";
import { Instance, type Result, type RunOptions } from "./instance.ts";

/** The instance that all end-to-end files share. */
export const shared = (): Instance => new Instance(inject("home"));

/** Runs a shell line in its Debian as root. */
export const inDebian = (line: string, options?: RunOptions): Promise<Result> =>
  shared().run(["-d", "debian", "--", "sh", "-c", line], options);

/** Ends the `sleep SECONDS` in its Debian whose number matches the shell's pattern; the answer is how many there were. */
export async function endSleeps(seconds: string): Promise<number> {
  const each = `case $(tr '\\0' ' ' <$p/cmdline) in "sleep "${seconds}" ") kill \${p#/proc/} && echo one;; esac`;
  const { text } = await inDebian(`for p in /proc/[0-9]*; do ${each}; done 2>/dev/null`);
  return text === "" ? 0 : text.split("\n").length;
}
