import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { tswslPaths, type TswslPaths } from "../../../../src/base/files.ts";
import { checkRuntimeDirectory } from "../../../../src/cli/daemon/check-runtime-directory.ts";
import { DaemonConnection } from "../../../../src/cli/daemon/daemon-connection.ts";
import { ClientHeader, daemonContract } from "../../../../src/protocol/daemon.ts";
import { readHeader } from "../../../../src/protocol/frame-header.ts";
import { type Handlers, RpcConnection, serveContract } from "../../../../src/protocol/rpc.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { status } from "../support/samples.ts";

const { signal } = new AbortController();

/** Stands in for dist/daemon.mjs: says that it has started, listens, and ends with its last client. */
const standIn = `
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
const home = process.env.TSWSL_HOME;
appendFileSync(home + "/started", "x");
mkdirSync(home + "/run", { recursive: true, mode: 0o700 });
let clients = 0;
const server = createServer((socket) => {
  clients += 1;
  socket.resume();
  socket.on("close", () => { clients -= 1; if (clients === 0) process.exit(0); });
});
server.listen(home + "/run/tswsld.sock");
// The test's directory is gone when the test is over.
setInterval(() => existsSync(home) || process.exit(3), 50);
`;

interface Place {
  readonly paths: TswslPaths;
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

async function place(program = standIn): Promise<Place> {
  const home = await temporaryDirectory();
  const env = { ...process.env, TSWSL_HOME: home };
  await writeFile(join(home, "daemon.mjs"), program);
  return { paths: tswslPaths(env), program: join(home, "daemon.mjs"), env };
}

describe("a daemon is started when none listens", () => {
  test("and reached", async () => {
    const here = await place();
    const connection = new DaemonConnection(here);
    expect(await connection.isRunning(signal)).toBe(false);
    const socket = await connection.connect(signal);
    socket.destroy();
    await connection.waitForEnd(signal);
    expect(await connection.isRunning(signal)).toBe(false);
  });

  test("once, by clients that start at the same time", async () => {
    const here = await place();
    const sockets = await Promise.all(
      Array.from({ length: 4 }, async () => new DaemonConnection(here).connect(signal)),
    );
    expect(await readFile(join(here.paths.home, "started"), "utf8")).toBe("x");
    for (const socket of sockets) socket.destroy();
    await new DaemonConnection(here).waitForEnd(signal);
  });

  test("as soon as one that stops has let go of the lock", async () => {
    const here = await place();
    await mkdir(here.paths.runtime, { mode: 0o700 });
    const stopping = spawn("flock", [here.paths.daemonLock, "sh", "-c", "echo locked; read end"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void stopping.kill());
    await once(stopping.stdout, "data");
    const connecting = new DaemonConnection(here).connect(signal);
    stopping.stdin.end("end\n");
    (await connecting).destroy();
    expect(await readFile(join(here.paths.home, "started"), "utf8")).toBe("x");
    await new DaemonConnection(here).waitForEnd(signal);
  });
});

describe("a daemon that ends at once is told with its last words", () => {
  test("its own complaint, with its hint", async () => {
    const here = await place(`
      process.stderr.write("tswsld: there is no QEMU\\n  → apt install qemu-system-x86\\nError: there is\\n    at x\\n");
      process.exit(1);
    `);
    await expect(new DaemonConnection(here).connect(signal)).rejects.toMatchObject({
      code: "unavailable",
      message: "the daemon ended at once, with status 1: there is no QEMU",
      hint: "apt install qemu-system-x86",
    });
  });

  test("a crash", async () => {
    const here = await place(`
      function emitErrorNT() { throw new TypeError("cannot read it"); }
      emitErrorNT();
    `);
    await expect(new DaemonConnection(here).connect(signal)).rejects.toMatchObject({
      code: "unavailable",
      message: "the daemon ended at once, with status 1: TypeError: cannot read it",
      hint: `All that it said: ${here.paths.daemonLog}, or: tswsl logs`,
    });
  });

  test("silence", async () => {
    const here = await place(`process.kill(process.pid, "SIGKILL");`);
    await expect(new DaemonConnection(here).connect(signal)).rejects.toMatchObject({
      message: "the daemon ended at once, by SIGKILL",
    });
  });
});

test("a place that cannot be written is told", async () => {
  const here = await place();
  const paths = { ...here.paths, daemonLog: join(here.program, "logs/daemon.log") };
  await expect(new DaemonConnection({ ...here, paths }).connect(signal)).rejects.toMatchObject({
    code: "unavailable",
    hint: `Check that you may write to ${here.program}/logs`,
  });
});

test("Ctrl-C ends the waiting for a daemon", async () => {
  const here = await place(`
    import { existsSync } from "node:fs";
    setInterval(() => existsSync(process.env.TSWSL_HOME) || process.exit(0), 50);
  `);
  const controller = new AbortController();
  const connecting = new DaemonConnection(here).connect(controller.signal);
  controller.abort(new TswslError("cancelled", "cancelled"));
  await expect(connecting).rejects.toMatchObject({ code: "cancelled" });
});

test("a path that no socket can have is refused", async () => {
  const home = `/tmp/${"x".repeat(100)}`;
  const connection = new DaemonConnection({ paths: tswslPaths({ TSWSL_HOME: home }), program: "", env: {} });
  await expect(connection.isRunning(signal)).rejects.toMatchObject({
    code: "invalid-argument",
    message: `the path of the daemon's socket is longer than 107 bytes: ${home}/run/tswsld.sock`,
    hint: "Set TSWSL_HOME to a directory with a shorter path.",
  });
});

describe("the directory of the socket must be private", () => {
  async function directory(mode: number): Promise<string> {
    const path = join(await temporaryDirectory(), "run");
    await mkdir(path);
    await chmod(path, mode);
    return path;
  }

  test("ours and closed is fine, and so is none yet", async () => {
    const path = await directory(0o700);
    expect(() => checkRuntimeDirectory(path)).not.toThrow();
    expect(() => checkRuntimeDirectory("/nonexistent/run")).not.toThrow();
  });

  test.each([0o755, 0o710, 0o701, 0o777])("open to others (%o) is not", async (mode) => {
    const path = await directory(mode);
    expect(() => checkRuntimeDirectory(path)).toThrow(
      expect.objectContaining({
        code: "permission",
        message: `${path} must be a directory of yours that is closed to others (mode 700)`,
        hint: `See who made it: ls -ld ${path}; then remove it, or: chmod 700 ${path}`,
      }),
    );
  });

  test("somebody else's is not", async () => {
    const user = (process.getuid?.() ?? 0) + 1;
    const path = await directory(0o700);
    expect(() => checkRuntimeDirectory(path, user)).toThrow(expect.objectContaining({ code: "permission" }));
  });

  test("a link to one is not", async () => {
    const path = await directory(0o700);
    await symlink(path, `${path}-link`);
    expect(() => checkRuntimeDirectory(`${path}-link`)).toThrow(
      expect.objectContaining({ code: "permission" }),
    );
  });
});

describe("requests", () => {
  async function serving(handlers: Partial<Handlers<typeof daemonContract>>): Promise<DaemonConnection> {
    const here = await place();
    await mkdir(here.paths.runtime, { mode: 0o700 });
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
      readHeader(socket, ClientHeader, signal).then(
        // Only the handlers that the test gives are called.
        () =>
          serveContract(
            new RpcConnection(socket),
            daemonContract,
            handlers as Handlers<typeof daemonContract>,
          ),
        (error: unknown) => socket.destroy(error as Error),
      );
    });
    server.listen(here.paths.daemonSocket);
    await once(server, "listening");
    const connection = new DaemonConnection(here);
    onTestFinished(async () => {
      await connection.close();
      server.close();
    });
    return connection;
  }

  const options = { signal, deadline: { ms: 5000, what: "the answer" } };

  test("are answered on one connection", async () => {
    const connection = await serving({ status: () => status, "distro.list": () => ({ distros: [] }) });
    expect(await connection.call("status", {}, options)).toEqual(status);
    expect(await connection.call("distro.list", {}, options)).toEqual({ distros: [] });
  });

  test("bring errors with their hints", async () => {
    const connection = await serving({
      "distro.terminate": () => {
        throw new TswslError("not-found", "there is no distribution called 'x'", { hint: "See: tswsl list" });
      },
    });
    await expect(connection.call("distro.terminate", { name: "x" }, options)).rejects.toMatchObject({
      code: "not-found",
      message: "there is no distribution called 'x'",
      hint: "See: tswsl list",
    });
  });

  test("report progress", async () => {
    const phases: string[] = [];
    const connection = await serving({
      "distro.install": (_, { progress }) => {
        progress({ phase: "Unpacking", done: 1, total: 2 });
        return { name: "debian", id: "x", bytes: 2 };
      },
    });
    const source = { type: "catalogue", name: "debian" } as const;
    const onProgress = ({ phase }: { phase: string }): void => void phases.push(phase);
    await connection.call("distro.install", { source }, { ...options, onProgress });
    expect(phases).toEqual(["Unpacking"]);
  });

  test("are cancelled at the daemon too", async () => {
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    const controller = new AbortController();
    const connection = await serving({
      "vm.shutdown": async (_, { signal }) => {
        signal.addEventListener("abort", () => resolve());
        controller.abort(new TswslError("cancelled", "cancelled"));
        await heard;
        return {};
      },
    });
    const calling = connection.call(
      "vm.shutdown",
      { force: false },
      { ...options, signal: controller.signal },
    );
    await expect(calling).rejects.toMatchObject({ code: "cancelled" });
    await heard;
  });
});
