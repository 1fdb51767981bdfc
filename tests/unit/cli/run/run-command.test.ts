import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { timeouts } from "../../../../src/base/timeouts.ts";
import { parseRun } from "../../../../src/cli/arguments/parse-run.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { runCommand } from "../../../../src/cli/run/run-command.ts";
import { READY_PHASE } from "../../../../src/protocol/daemon.ts";
import { fakeCli, type FakeCli, type FakeCliOptions } from "../support/fake-cli.ts";
import { type FakeGuest, GuestDaemon } from "../support/fake-guest.ts";

interface Session {
  readonly cli: FakeCli;
  readonly guest: FakeGuest;
  readonly status: Promise<number>;
}

/** A command line as far as the guest that runs it. */
async function start(args: string[], options: FakeCliOptions & Partial<FakeCli> = {}): Promise<Session> {
  const daemon = new GuestDaemon();
  const cli = { ...fakeCli({ ...options, daemon }), ...(options.stdout ? { stdout: options.stdout } : {}) };
  const status = runCommand(parseRun(args), cli);
  return { cli, status, guest: await daemon.guest };
}

/** A terminal's keyboard that notes its mode. */
function keyboard(): { stdin: FakeCli["stdin"]; modes: boolean[] } {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => modes.push(mode),
  });
  return { stdin, modes };
}

describe("exit status", () => {
  test.each<["status" | "signal", number, number]>([
    ["status", 0, 0],
    ["status", 37, 37],
    ["status", 255, 255],
    ["signal", 9, 137],
    ["signal", 15, 143],
  ])("%s %d ends tswsl with %d", async (kind, value, expected) => {
    const { guest, status } = await start(["x"]);
    await guest.exit(kind, value);
    expect(await status).toBe(expected);
  });
});

describe("the header", () => {
  test("holds what the command line says, and of the environment what means the same in the guest", async () => {
    const env = {
      TERM: "xterm-256color",
      COLORTERM: "truecolor",
      LANG: "de_DE.UTF-8",
      PATH: "/bin",
      SECRET: "x",
    };
    const { guest, status } = await start(["-d", "debian", "-u", "alice", "--cd", "/etc", "ls", "a b"], {
      env,
    });
    expect(guest.header).toEqual({
      kind: "exec",
      distro: "debian",
      user: "alice",
      cwd: "/etc",
      shell: "standard",
      argv: ["ls 'a b'"],
      env: { TERM: "xterm-256color", COLORTERM: "truecolor" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      tty: null,
    });
    await guest.exit("status", 0);
    await status;
  });

  test("leaves out what is not said", async () => {
    const { guest, status } = await start([], { env: { TERM: "" } });
    expect(guest.header).toMatchObject({ cwd: "~", shell: "login", argv: [], env: {} });
    expect(guest.header).not.toHaveProperty("distro");
    expect(guest.header).not.toHaveProperty("user");
    await guest.exit("status", 0);
    await status;
  });

  test("tells each standard stream's kind and the terminal's size", async () => {
    const { guest, status } = await start(["x"], { terminal: true, stdin: new PassThrough() });
    expect(guest.header).toMatchObject({
      stdin: "pipe",
      stdout: "tty",
      stderr: "tty",
      tty: { rows: 24, columns: 80 },
    });
    await guest.exit("status", 0);
    await status;
  });
});

describe("streams", () => {
  test("standard output and standard error stay apart", async () => {
    const { cli, guest, status } = await start(["x"]);
    guest.stdout.write("out");
    guest.stderr.write("err");
    await guest.exit("status", 0);
    await status;
    expect(cli.out()).toBe("out");
    expect(cli.err()).toBe("err");
  });

  test("input arrives byte for byte, and its end", async () => {
    const { cli, guest, status } = await start(["sha256sum"]);
    const bytes = Buffer.alloc(
      3 * 1024 * 1024,
      Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
    );
    cli.stdin.end(bytes);
    const received = Buffer.concat(await Array.fromAsync<Buffer>(guest.stdin));
    expect(received.equals(bytes)).toBe(true);
    await guest.exit("status", 0);
    expect(await status).toBe(0);
  });

  test("all output is handed over before the command's end is told, however slow its reader", async () => {
    const written: Buffer[] = [];
    const stdout = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _, done) => {
        written.push(chunk);
        setImmediate(done);
      },
    });
    const { guest, status } = await start(["x"], { stdout });
    const bytes = Buffer.alloc(2 * 1024 * 1024, "x");
    guest.stdout.end(bytes);
    await guest.exit("status", 0);
    await status;
    expect(Buffer.concat(written)).toHaveLength(bytes.length);
  });

  test("an output that nobody reads any more ends tswsl with 141, and the connection", async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    });
    const { guest, status } = await start(["yes"], { stdout });
    guest.stdout.write("y\n");
    expect(await status).toBe(141);
    await guest.gone();
  });

  test("an output that cannot be written is told with its reason", async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("no space left"), { code: "ENOSPC" })),
    });
    const { guest, status } = await start(["x"], { stdout });
    guest.stdout.write("x");
    await expect(status).rejects.toMatchObject({
      code: "unavailable",
      message: "cannot write the command's output: no space left",
    });
  });

  test("an input that cannot be read is told with its reason, and is no end of file", async () => {
    const { cli, status } = await start(["x"]);
    cli.stdin.destroy(new Error("EISDIR: illegal operation on a directory"));
    await expect(status).rejects.toMatchObject({
      code: "unavailable",
      message: "cannot read standard input: EISDIR: illegal operation on a directory",
    });
  });

  test("a background job reads nothing from its terminal", async () => {
    const { stdin, modes } = keyboard();
    const { guest, status } = await start(["x"], { terminal: true, background: true, stdin });
    expect(guest.header).toMatchObject({ stdin: "pipe", stdout: "tty" });
    expect(await text(guest.stdin)).toBe("");
    await guest.exit("status", 0);
    await status;
    expect(modes).toEqual([]);
  });
});

describe("terminal", () => {
  test("is raw while the command runs, and given back", async () => {
    const { stdin, modes } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    expect(modes).toEqual([false, true]);
    await guest.exit("status", 0);
    await status;
    expect(modes).toEqual([false, true, false]);
    expect(cli.events.eventNames()).toEqual([]);
  });

  test("is given back when the process ends for any other reason", async () => {
    const { stdin, modes } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    cli.events.emit("exit");
    expect(modes).toEqual([false, true, false]);
    await guest.exit("status", 0);
    await status;
  });

  test("is raw again after the job was stopped and continued", async () => {
    const { stdin, modes } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    cli.events.emit("SIGCONT");
    expect(modes).toEqual([false, true, false, true]);
    await guest.exit("status", 0);
    await status;
  });

  test("is the shell's while the job is stopped", async () => {
    const { stdin, modes } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    cli.events.emit("SIGTSTP");
    expect(cli.events.kills).toEqual([[cli.events.pid, "SIGTSTP"]]);
    expect(modes).toEqual([false, true, false, false, true]);
    await guest.exit("status", 0);
    await status;
    expect(cli.events.eventNames()).toEqual([]);
  });

  test("makes no CR LF of LF from the command's first output on", async () => {
    const settings: string[][] = [];
    const stty = (...args: readonly string[]): undefined => void settings.push([...args]);
    const { cli, guest, status } = await start([], { terminal: true, stdin: keyboard().stdin, stty });
    expect(settings).toEqual([]);
    guest.stdout.write("$ ");
    await once(cli.stdout, "data");
    expect(settings).toEqual([["-opost"]]);
    await guest.exit("status", 0);
    await status;
  });

  test("a command whose outputs both go elsewhere reads lines, and the terminal stays as it is", async () => {
    const { stdin, modes } = keyboard();
    const { guest, status } = await start(["x"], { stdin });
    expect(guest.header).toMatchObject({ stdin: "pipe", stdout: "pipe", stderr: "pipe", tty: null });
    await guest.exit("status", 0);
    await status;
    expect(modes).toEqual([]);
  });

  test("Ctrl-C and Ctrl-Z are bytes for the command", async () => {
    const { stdin } = keyboard();
    const { guest, status } = await start([], { terminal: true, stdin });
    stdin.write("\u0003\u001a");
    const [chunk] = (await once(guest.stdin, "data")) as [Buffer];
    expect(chunk.toString()).toBe("\u0003\u001a");
    await guest.exit("status", 0);
    expect(await status).toBe(0);
  });

  test("each new size is told", async () => {
    const { stdin } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    Object.assign(cli.stdout, { rows: 50, columns: 132 });
    cli.stdout.emit("resize");
    expect(await guest.until(1)).toEqual(["resize 50x132"]);
    await guest.exit("status", 0);
    await status;
  });
});

describe("signals", () => {
  test.each<[NodeJS.Signals, number]>([
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
    ["SIGQUIT", 3],
  ])("%s is forwarded as %d, and the command decides", async (name, number) => {
    const { cli, guest, status } = await start(["x"]);
    cli.events.emit(name);
    expect(await guest.until(1)).toEqual([`signal ${number}`]);
    await guest.exit("signal", number);
    expect(await status).toBe(128 + number);
    expect(cli.events.eventNames()).toEqual([]);
  });

  test("the third interrupt ends tswsl although the command does not", async () => {
    const { cli, guest, status } = await start(["x"]);
    for (let count = 0; count < 3; count += 1) cli.events.emit("SIGINT");
    expect(await status).toBe(130);
    await guest.gone();
  });

  test("output that nobody takes does not keep a tswsl that was told to end", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const stdout = new Writable({ highWaterMark: 1, write: () => undefined });
    const { cli, guest, status } = await start(["yes"], { stdout });
    guest.stdout.write("y");
    while (!stdout.writableNeedDrain) await new Promise((done) => setImmediate(done));
    cli.events.emit("SIGTERM");
    await vi.advanceTimersByTimeAsync(timeouts.outputStalled);
    expect(await status).toBe(143);
    expect(stdout.destroyed).toBe(true);
    await guest.gone();
  });

  test("a terminal that goes takes the session with it", async () => {
    const { stdin, modes } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    cli.events.emit("SIGHUP");
    expect(await status).toBe(129);
    expect(await guest.until(1)).toEqual(["signal 1"]);
    await guest.gone();
    expect(modes).toEqual([false, true, false]);
  });
});

describe("while the daemon starts things", () => {
  test("Ctrl-C typed on the raw terminal ends tswsl", async () => {
    const { stdin } = keyboard();
    const { guest, status } = await start([], { terminal: true, stdin });
    guest.progress("Starting the virtual machine");
    // Typed until the report has arrived: before that, it would be the command's.
    const typing = setInterval(() => stdin.write("\u0003"), 1);
    onTestFinished(() => clearInterval(typing));
    expect(await status).toBe(130);
    await guest.gone();
  });

  test("from the report that all is ready, it is the command's", async () => {
    const { stdin } = keyboard();
    const { cli, guest, status } = await start([], { terminal: true, stdin });
    guest.progress("Starting the virtual machine");
    guest.progress(READY_PHASE);
    guest.stdout.write("$ ");
    await once(cli.stdout, "data");
    stdin.write("\u0003");
    const [chunk] = (await once(guest.stdin, "data")) as [Buffer];
    expect(chunk.toString()).toBe("\u0003");
    await guest.exit("status", 0);
    expect(await status).toBe(0);
  });

  test("nothing of it is written to a standard error that is no terminal", async () => {
    const { cli, guest, status } = await start(["x"]);
    guest.progress("Starting the virtual machine");
    await guest.exit("status", 0);
    await status;
    expect(cli.err()).toBe("");
  });

  test("a warning is written there all the same", async () => {
    const { cli, guest, status } = await start(["x"]);
    guest.progress("Starting debian", "Unknown key 'foo.a' in /etc/wsl.conf:2");
    await guest.exit("status", 0);
    await status;
    expect(cli.err()).toBe("tswsl: warning: Unknown key 'foo.a' in /etc/wsl.conf:2\n");
  });
});

test("a warning while the command runs is said when it has given the terminal back, and only so many", async () => {
  const { cli, guest, status } = await start(["x"]);
  guest.progress(READY_PHASE);
  for (let n = 0; n < 100; n++) guest.progress("Running", `the kernel ended ${n} processes\u001b[2J`);
  guest.stderr.write("its own\n");
  await guest.exit("signal", 9);
  expect(await status).toBe(137);
  const lines = cli.err().split("\n");
  expect(lines.slice(0, 2)).toEqual(["its own", "tswsl: warning: the kernel ended 0 processes\\x1b[2J"]);
  expect(lines).toHaveLength(10);
});

describe("failures are tswsl's own: 125, a message and a hint", () => {
  async function fails(deed: (guest: FakeGuest) => void): Promise<[number, string]> {
    const daemon = new GuestDaemon();
    const cli = fakeCli({ daemon });
    const status = runCli(["-d", "nix", "true"], cli);
    deed(await daemon.guest);
    return [await status, cli.err()];
  }

  test("an error frame", async () => {
    const error = {
      code: "not-found",
      message: "there is no distribution called 'nix'",
      hint: "See: tswsl list",
    };
    expect(await fails((guest) => guest.fail(error))).toEqual([
      125,
      "tswsl: there is no distribution called 'nix'\n  → See: tswsl list\n",
    ]);
  });

  test("a daemon that is gone", async () => {
    expect(await fails((guest) => guest.stream.end())).toEqual([
      125,
      "tswsl: the daemon ended the connection\n  → See why: tswsl logs. The next command starts it again.\n",
    ]);
  });

  test("a daemon that speaks something else", async () => {
    const [status, message] = await fails((guest) => guest.stream.write("HTTP/1.1 400 Bad Request\r\n"));
    expect(status).toBe(125);
    expect(message).toContain("unknown frame type 72");
  });

  test("an unknown option", async () => {
    const cli = fakeCli();
    expect(await runCli(["--distributoin", "x"], cli)).toBe(125);
    expect(cli.err()).toBe(
      "tswsl: unknown option '--distributoin'\n  → Did you mean '--distribution'? See: tswsl --help\n",
    );
  });
});

test("a slip in a verb's name is explained once the distribution does not know the command either", async () => {
  const { cli, guest, status } = await start(["instal", "debian"], { terminal: true });
  await guest.exit("status", 127);
  expect(await status).toBe(127);
  expect(cli.err()).toBe("tswsl: did you mean: tswsl install? See: tswsl --help\n");
});
