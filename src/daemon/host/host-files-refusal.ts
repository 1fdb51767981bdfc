import { TswslError } from "../../base/errors.ts";
import { type HostSecurity, hostSecurity, wellKnown } from "../../base/windows/host-security.ts";

/**
 * Why this daemon must not touch files of the host for its user; undefined when it may. As a service it has SYSTEM's
 * rights: through it, whoever may use it would read and write everybody's files.
 */
export function hostFilesRefusal(): TswslError | undefined {
  return process.platform === "win32" ? refusalOf(hostSecurity()) : undefined;
}

/** {@link hostFilesRefusal} on Windows. */
export function refusalOf(security: Pick<HostSecurity, "processToken">): TswslError | undefined {
  if (security.processToken().user !== wellKnown.system) return undefined;
  return new TswslError(
    "permission",
    "tswsl's service does not touch files of this host: it would do so with SYSTEM's rights",
    {
      hint: "Stop it (sc stop tswsl) and use tswsl from a prompt that was opened with 'Run as administrator'.",
    },
  );
}
