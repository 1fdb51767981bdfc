import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { pipeChannels } from "../../../../src/vm/qemu/channels.ts";
import { qemuArguments } from "../../../../src/vm/qemu/arguments.ts";
import { launchQemu } from "../../../../src/vm/qemu/launch.ts";
import { openChannels } from "../../../../src/vm/qemu/open-channels.ts";
import { sampleDocument } from "../../sample-machine.ts";

/**
 * Starts a program with QEMU's pipes as the product starts QEMU on Windows, talks through all of them, and ends without ending
 * it. `node qemu-pipes.mjs PROGRAM RESULTS`
 */
const [binary = "", results = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const log = { debug() {}, info() {}, warn() {}, error() {} };

const console = String.raw`\\.\pipe\tswsl-test-console`;
const consoleServer = createServer();
consoleServer.listen(console);
await once(consoleServer, "listening");
const consoleConnected = once(consoleServer, "connection");

const document = sampleDocument({ console, ports: [0x7473, 0x7474] });
const channels = pipeChannels(document.VirtualMachine.Devices);
const args = qemuArguments({
  document,
  accelerator: { name: "whpx" },
  networks: new Map(),
  channels,
  platform: "win32",
});
const qemu = await launchQemu({ binary, args, links: 0 });
// The logger's methods that it uses.
const streams = await openChannels({ channels, process: qemu, console, log: log as never }, signal);
const [greeting] = await once(qemu.output, "data");
const echoes: string[] = [];
for (const [index, stream] of streams.entries()) {
  stream.write(`through service ${index}`);
  const [echo] = await once(stream, "data");
  echoes.push(String(echo));
}
// The type of "connection" (node:net).
const [shown] = (await consoleConnected) as [Socket];
writeFileSync(
  results,
  JSON.stringify({ pid: qemu.pid, greeting: String(greeting), echoes, consoleIsJoined: !shown.destroyed }),
);
process.exit(0);
