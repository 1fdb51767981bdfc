import { ExitHresult, type SystemExitStatus, type WorkerExit } from "../hcs-types.ts";

/** All that is known of the end of a QEMU process. */
export interface QemuExit {
  /** `reason` of QMP's last SHUTDOWN event (QEMU's qapi/run-state.json, ShutdownCause). */
  readonly shutdownReason: string | undefined;
  /** Terminate or close was called before the end. */
  readonly terminated: boolean;
  /** It ended before the guest ran. */
  readonly duringStart: boolean;
}

/**
 * What HCS would report: a guest that powered off exits gracefully; one that reset does too, since the document says
 * StopOnReset, and is told apart by its attribution; a terminated one was forced; all else is unexpected.
 */
export function exitStatus({ shutdownReason, terminated, duringStart }: QemuExit): SystemExitStatus {
  switch (shutdownReason) {
    case "guest-shutdown":
      return status("GracefulExit", ExitHresult.ok, {
        Type: "Stopped",
        Detail: "PowerOff",
        Initiator: "GuestOS",
      });
    case "guest-reset":
      return status("GracefulExit", ExitHresult.ok, {
        Type: "StoppedOnReset",
        Detail: "Reset",
        Initiator: "GuestOS",
      });
    case "guest-panic":
      return status("UnexpectedExit", ExitHresult.unexpectedExit, {
        Type: "UnexpectedStop",
        Detail: "GuestCrash",
        Initiator: "GuestOS",
      });
    default:
      return processExit(terminated, duringStart);
  }
}

function processExit(terminated: boolean, duringStart: boolean): SystemExitStatus {
  if (terminated)
    return status("ForcedExit", ExitHresult.terminated, { Type: "Stopped", Initiator: "Client" });
  if (duringStart) {
    return status("UnexpectedExit", ExitHresult.terminatedDuringStart, {
      Type: "InitializationFailed",
      Detail: "InitializationFailure",
      Initiator: "Internal",
    });
  }
  return status("UnexpectedExit", ExitHresult.unexpectedExit, {
    Type: "UnexpectedStop",
    Detail: "ProcessUnexpectedExit",
    Initiator: "Unknown",
  });
}

function status(
  exitType: SystemExitStatus["ExitType"],
  hresult: number,
  workerExit: WorkerExit,
): SystemExitStatus {
  return { Status: hresult, ExitType: exitType, Attribution: [{ WorkerExit: workerExit }] };
}
