import { expect, test } from "vitest";
import { chardev, pipeChannels, unixChannels } from "../../../../src/vm/qemu/channels.ts";
import { sampleDocument } from "../../../support/sample-machine.ts";

const { Devices } = sampleDocument().VirtualMachine;
const { ComPorts: _, ...quiet } = Devices;

test("on Linux services are inherited sockets, and the console is where the document says", () => {
  expect(unixChannels(Devices)).toEqual({
    console: { kind: "socket", path: "/run/console.sock" },
    services: [{ kind: "descriptor", fd: 3 }],
  });
});

test("on Windows each is a pipe, under a name that nobody can guess", () => {
  const names = [pipeChannels(Devices), pipeChannels(Devices)].flatMap(({ console, services }) =>
    [console, ...services].map((channel) => (channel?.kind === "pipe" ? channel.name : "")),
  );
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^tswsl-qemu-[0-9a-f-]{36}-(console|0)$/);
});

test.each([unixChannels, pipeChannels])("a document without a console has no channel for it", (channels) => {
  expect(channels(quiet).console).toBeUndefined();
});

test("a comma in a path is no end of it", () => {
  expect(chardev("a", { kind: "socket", path: "/run/a,b" })).toEqual([
    "-chardev",
    "socket,id=a,path=/run/a,,b",
  ]);
});
