import { expect, test } from "vitest";
import {
  checkServed,
  hcsState,
  isServed,
  type SystemRequest,
  type SystemState,
} from "../../../src/vm/system-state.ts";

const states: SystemState[] = ["created", "starting", "running", "paused", "stopping", "stopped"];
const requests: SystemRequest[] = ["start", "connect", "modify", "pause", "save"];
const served = new Set([
  "created start",
  "running connect",
  "running modify",
  "running pause",
  "paused save",
]);

const pairs = states.flatMap((state) => requests.map((request) => [state, request] as const));
const isExpected = (state: SystemState, request: SystemRequest): boolean => served.has(`${state} ${request}`);

test.each(pairs.filter((pair) => isExpected(...pair)))("%s serves %s", (state, request) => {
  expect(isServed(state, request)).toBe(true);
  expect(() => checkServed(state, request)).not.toThrow();
});

test.each(pairs.filter((pair) => !isExpected(...pair)))("%s refuses %s", (state, request) => {
  expect(isServed(state, request)).toBe(false);
  const refusal = expect.objectContaining({ code: "invalid-state", details: { state } });
  expect(() => checkServed(state, request)).toThrow(refusal);
});

test("HCS has a name for every state", () => {
  expect(states.map(hcsState)).toEqual(["Created", "Created", "Running", "Paused", "Running", "Stopped"]);
});
