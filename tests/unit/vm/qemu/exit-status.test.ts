import { describe, expect, test } from "vitest";
import { exitStatus } from "../../../../src/vm/qemu/exit-status.ts";
import type { SystemExitStatus } from "../../../../src/vm/hcs-types.ts";

interface Row {
  readonly reason?: string;
  readonly terminated?: boolean;
  readonly duringStart?: boolean;
  readonly exit: SystemExitStatus["ExitType"];
  readonly worker: Record<string, string>;
}

/** Reasons from QEMU's ShutdownCause. */
const table: Row[] = [
  { reason: "guest-shutdown", exit: "GracefulExit", worker: { Type: "Stopped", Initiator: "GuestOS" } },
  {
    reason: "guest-shutdown",
    terminated: true,
    exit: "GracefulExit",
    worker: { Type: "Stopped", Initiator: "GuestOS" },
  },
  { reason: "guest-reset", exit: "GracefulExit", worker: { Type: "StoppedOnReset", Initiator: "GuestOS" } },
  { reason: "guest-panic", exit: "UnexpectedExit", worker: { Detail: "GuestCrash" } },
  { reason: "host-qmp-quit", terminated: true, exit: "ForcedExit", worker: { Initiator: "Client" } },
  { terminated: true, exit: "ForcedExit", worker: { Initiator: "Client" } },
  { reason: "host-signal", exit: "UnexpectedExit", worker: { Type: "UnexpectedStop" } },
  { reason: "host-error", exit: "UnexpectedExit", worker: { Type: "UnexpectedStop" } },
  { exit: "UnexpectedExit", worker: { Type: "UnexpectedStop", Detail: "ProcessUnexpectedExit" } },
  { duringStart: true, exit: "UnexpectedExit", worker: { Type: "InitializationFailed" } },
];

describe("the exit status", () => {
  test.each(table)("$reason, terminated $terminated, starting $duringStart: $exit", (row) => {
    const { reason, terminated = false, duringStart = false } = row;
    const status = exitStatus({ shutdownReason: reason, terminated, duringStart });
    expect(status.ExitType).toBe(row.exit);
    expect(status.Attribution?.[0]?.WorkerExit).toMatchObject(row.worker);
    expect(status.Status === 0).toBe(row.exit === "GracefulExit");
    expect(status.Status).toBeLessThanOrEqual(0);
  });
});
