import * as v from "valibot";
import type { Logger } from "../../base/log.ts";
import { ExitHresult, type SystemExitStatus } from "../hcs-types.ts";

/** HCS_EVENT_TYPE (computedefs.h). */
const Event = {
  exited: 0x00000001,
  crashInitiated: 0x00000002,
  crashReport: 0x00000003,
  serviceDisconnect: 0x02000000,
} as const;

/** E_UNEXPECTED, as the signed number that JSON carries. */
const UNEXPECTED = 0x8000ffff | 0;

/** The end of the guest's kernel log is in it. */
const LOGGED_CRASH = 8 * 1024;

const ExitStatus = v.object({
  Status: v.optional(v.number(), 0),
  ExitType: v.fallback(
    v.picklist(["None", "GracefulExit", "ForcedExit", "UnexpectedExit", "Unknown"]),
    "Unknown",
  ),
  Attribution: v.fallback(v.optional(v.array(v.looseObject({}))), undefined),
});

/** What HCS tells about one system; its end, above all. */
export class SystemEvents {
  readonly exited: Promise<SystemExitStatus>;
  readonly #exit = Promise.withResolvers<SystemExitStatus>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
    this.exited = this.#exit.promise;
  }

  /** The listener for `createComputeSystem`. */
  receive = (type: number, data: string | null): void => {
    switch (type) {
      case Event.exited:
        return this.presume(parseExitStatus(data));
      case Event.serviceDisconnect:
        // All its handles are dead, whatever has become of the machine.
        return this.presume({ Status: ExitHresult.serviceDisconnect, ExitType: "UnexpectedExit" });
      case Event.crashInitiated:
      case Event.crashReport:
        this.#log.error("the guest's kernel crashed", { report: data?.slice(0, LOGGED_CRASH) });
    }
  };

  /** It has ended, by this or by the event that came before. */
  presume(status: SystemExitStatus): void {
    this.#exit.resolve(status);
  }
}

function parseExitStatus(data: string | null): SystemExitStatus {
  const unreadable: SystemExitStatus = { Status: UNEXPECTED, ExitType: "Unknown" };
  try {
    const parsed = v.safeParse(ExitStatus, JSON.parse(data ?? ""));
    // The records are HCS's own; the type names those of their fields that are read, all of them optional.
    return parsed.success ? (parsed.output as SystemExitStatus) : unreadable;
  } catch {
    return unreadable;
  }
}
