import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The version in package.json, which is that of everything built from this tree. */
export function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8");
  // npm refuses a package.json without one.
  return (JSON.parse(text) as { version: string }).version;
}
