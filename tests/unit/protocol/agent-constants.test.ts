import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AGENT_PORT, FILES_PORT, REPLAY_UID } from "../../../src/protocol/guest.ts";
import { hvSocketServiceId } from "../../../src/vm/hv-socket.ts";

function source(path: string): string {
  return readFileSync(join(import.meta.dirname, "../../../guest/agent/src", path), "utf8");
}

describe("the agent's constants are those of the contract", () => {
  it("service ports, by number and by name", () => {
    const ports = [...source("link/service_port.h").matchAll(/ServicePort \w+\{(0x[0-9a-f]+), "([^"]+)"\}/g)];
    expect(ports.map(([, number, service]) => ({ number: Number(number), service }))).toEqual(
      [AGENT_PORT, FILES_PORT].map((number) => ({ number, service: hvSocketServiceId(number) })),
    );
  });

  it("the user that replays changes", () => {
    const [, uid] = /replayUser = (0x[0-9A-F]+);/.exec(source("files/replay.cpp")) ?? [];
    expect(Number(uid)).toBe(REPLAY_UID);
  });
});
