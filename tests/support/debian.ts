import { inject } from "vitest";
import { Instance, type Result, type RunOptions } from "./instance.ts";

/** The instance that all end-to-end files share. */
export const shared = (): Instance => new Instance(inject("home"));

/** Runs a shell line in its Debian as root. */
export const inDebian = (line: string, options?: RunOptions): Promise<Result> =>
  shared().run(["-d", "debian", "--", "sh", "-c", line], options);
