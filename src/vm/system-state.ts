import { TswslError } from "../base/errors.ts";
import type { ComputeSystemProperties } from "./compute-service.ts";

/**
 * created → starting → running → (paused →) stopping → stopped; every state but the last may jump to stopped when
 * QEMU ends.
 * A stopped system is never started again.
 */
export type SystemState = "created" | "starting" | "running" | "paused" | "stopping" | "stopped";

export type SystemRequest = "start" | "connect" | "modify" | "pause" | "save";

/** Requests that each state serves. `properties`, `terminate` and `close` are served in all. */
const served: Readonly<Record<SystemState, readonly SystemRequest[]>> = {
  created: ["start"],
  starting: [],
  running: ["connect", "modify", "pause"],
  paused: ["save"],
  stopping: [],
  stopped: [],
};

/** How each state is called in HCS's properties. */
const hcsStates: Readonly<Record<SystemState, ComputeSystemProperties["State"]>> = {
  created: "Created",
  starting: "Created",
  running: "Running",
  paused: "Paused",
  stopping: "Running",
  stopped: "Stopped",
};

export function isServed(state: SystemState, request: SystemRequest): boolean {
  return served[state].includes(request);
}

/** Raises `invalid-state` unless the table serves this request in this state. */
export function checkServed(state: SystemState, request: SystemRequest): void {
  if (isServed(state, request)) return;
  throw new TswslError("invalid-state", `cannot ${request} a compute system that is ${state}`, {
    details: { state },
  });
}

export function hcsState(state: SystemState): ComputeSystemProperties["State"] {
  return hcsStates[state];
}
