import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AGENT_PORT, FILES_PORT } from "../../../src/protocol/guest.ts";
import { hvSocketServiceId } from "../../../src/vm/hv-socket.ts";

const HEADER = join(import.meta.dirname, "../../../guest/agent/src/link/service_port.h");

describe("the agent's service ports", () => {
  it("are those of the contract, by number and by name", () => {
    const source = readFileSync(HEADER, "utf8");
    const ports = [...source.matchAll(/ServicePort \w+\{(0x[0-9a-f]+), "([^"]+)"\}/g)];
    expect(ports.map(([, number, service]) => ({ number: Number(number), service }))).toEqual(
      [AGENT_PORT, FILES_PORT].map((number) => ({ number, service: hvSocketServiceId(number) })),
    );
  });
});
