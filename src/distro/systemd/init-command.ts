import { dirname } from "node:path/posix";
import { runtimeUnits } from "./runtime-units.ts";

const UNITS = "/run/systemd/system";

/**
 * The command of a distro's PID 1 that becomes systemd. `/run` is empty until then and nothing on the distro's disk is
 * to be changed, so a shell puts our units there first. Whatever fails, it goes on to `/sbin/init`.
 */
export function systemdInitCommand(): string[] {
  const directories = new Set(runtimeUnits.map(({ path }) => dirname(`${UNITS}/${path}`)));
  const script = [
    `mkdir -p ${[...directories].join(" ")}`,
    // printf is the shell's own: under emulation each program costs 20 ms.
    ...runtimeUnits.map(({ path, content }) => `printf %s ${quoted(content)} > ${UNITS}/${path}`),
    "exec /sbin/init",
  ];
  return ["/bin/sh", "-c", script.join("\n")];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
