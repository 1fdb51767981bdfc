import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { YamuxSession } from "../../src/protocol/yamux/session.ts";
import { unixSocketPair } from "../support/duplex-pair.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { type EchoServer, testYamuxServer } from "./yamux.ts";

testYamuxServer("our own session", async () => {
  const [transport, far] = await unixSocketPair();
  const server = new YamuxSession(far, { role: "server", onStream: (stream) => stream.pipe(stream) });
  return {
    transport,
    release: async () => {
      await server.closed;
    },
  };
});

/** Where Debian's golang-github-hashicorp-yamux-dev puts the authors' implementation. */
const goPath = "/usr/share/gocode";
const available = existsSync("/usr/bin/go") && existsSync(join(goPath, "src/github.com/hashicorp/yamux"));
const reason = available ? "" : " (skipped: apt install golang-go golang-github-hashicorp-yamux-dev)";

describe.skipIf(!available)(`the protocol's authors${reason}`, () => {
  let program = "";

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "tswsl-test-"));
    program = join(directory, "yamux-echo");
    const env = { ...process.env, GO111MODULE: "off", GOPATH: goPath, GOCACHE: join(directory, "cache") };
    execFileSync("/usr/bin/go", ["build", "-o", program, join(import.meta.dirname, "yamux-echo.go")], {
      env,
    });
  });

  afterAll(async () => {
    await rm(join(program, ".."), { recursive: true, force: true });
  });

  testYamuxServer("hashicorp/yamux", async (): Promise<EchoServer> => {
    const path = join(await temporaryDirectory(), "yamux.sock");
    const server = spawn(program, [path], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(server, "exit");
    await once(server.stdout, "data");
    const transport = connect({ path, allowHalfOpen: true });
    return {
      transport,
      release: async () => {
        server.kill();
        await exited;
      },
    };
  });
});
