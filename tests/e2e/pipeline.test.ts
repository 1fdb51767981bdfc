import { inject, expect, test } from "vitest";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { endSleeps, shared } from "../support/debian.ts";
import { Pty } from "../support/pty.ts";

const env = (): Record<string, string> => ({
  TSWSL_HOME: inject("home"),
  T: `${resolve("bin/tswsl")} -d debian`,
});

/** A line for the host's shell without a terminal, in which `$T` runs a command in the distribution. */
function onHost(line: string): string {
  const options = { env: { ...process.env, ...env() }, encoding: "utf8", timeout: 120_000 } as const;
  return execFileSync("setsid", ["--wait", "bash", "-c", line], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The same, on a terminal. */
const onTerminal = (line: string): Promise<Pty> => Pty.start(["bash", "-c", line], env());

const usual = { icanon: true, echo: true, isig: true, opost: true };

test("which streams are a terminal, and whether there is a keyboard", async () => {
  const probe = `$T -- sh -c 'k=; for fd in 0 1 2; do test -t $fd && k="$k"t || k="$k"-; done
    (: </dev/tty) 2>/dev/null && k="$k"k; echo $k >/tmp/kinds'`;
  const cases = {
    "": "tttk",
    "</dev/null": "-tt",
    ">/dev/null": "t-tk",
    "2>/dev/null": "tt-k",
    "| cat": "t-tk",
    ">/dev/null 2>&1": "---",
    "</dev/null | cat": "--t",
    "</dev/null >/dev/null 2>&1": "---",
  };
  const kinds = Object.keys(cases).map(
    (redirection) => `${probe} ${redirection}; $T cat /tmp/kinds </dev/null 2>/dev/null | cat`,
  );
  onHost("$T true");
  await using pty = await onTerminal(`${kinds.join("; ")}; echo end`);
  const seen = await pty.see("end");
  expect(seen.split("\r\n").filter((line) => line !== "")).toEqual([...Object.values(cases), "end"]);
});

test("input from a file, a pipe, /dev/null, and none at all", () => {
  const folder = mkdtempSync(join(inject("home"), "input-"));
  try {
    const file = join(folder, "file");
    writeFileSync(file, "from a file\n");
    const lines = `$T cat <${file}; echo from a pipe | $T cat; $T cat </dev/null; $T cat <&-; $T echo more >>${file}`;
    expect(onHost(lines)).toBe("from a file\nfrom a pipe\n");
    expect(readFileSync(file, "utf8")).toBe("from a file\nmore\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a reader or a writer that stops early ends the pipeline, with everyone's status", () => {
  expect(onHost('$T yes | head -1; echo "${PIPESTATUS[@]}"')).toBe("y\n141 0\n");
  expect(onHost('yes | $T head -1; echo "${PIPESTATUS[@]}"')).toBe("y\n141 0\n");
  expect(onHost('yes | $T "exec <&-; echo ok"; echo "${PIPESTATUS[@]}"')).toBe("ok\n141 0\n");
});

test("a pipe that tswsl shares with other programs stays blocking for them", () => {
  const flags = onHost("{ $T sleep 2 & sleep 1.5; cat /proc/self/fdinfo/1; wait; } | cat");
  const octal = /^flags:\s*(\d+)$/m.exec(flags)?.[1] ?? "";
  expect(Number.parseInt(octal, 8) & 0o4000).toBe(0);
});

test("SIGTERM ends a tswsl whose output nobody reads", () => {
  const line =
    "exec 3> >(exec sleep 100); timeout -k 30 --preserve-status 4 $T yes >&3; echo status $?; kill $!";
  expect(onHost(line)).toBe("status 143\n");
});

test("a pager's settings are not undone", async () => {
  // As less does: it has the terminal before tswsl begins, and gives it back before it lets go of the pipe.
  const pager = `{ head -n 1; stty "$saved" </dev/tty; }`;
  await using pty = await onTerminal(`saved=$(stty -g); stty -icanon -echo; $T yes | ${pager}`);
  expect(await pty.end()).toMatchObject({ mode: usual });
});

test("Ctrl-C ends the whole pipeline, its programs on the host too", async () => {
  await using pty = await onTerminal("$T 'echo ready >&2; yes' | sleep 1000");
  await pty.see("ready");
  pty.type("\u0003");
  expect(await pty.end()).toMatchObject({ mode: usual });
});

test("Ctrl-Z stops a pipeline and fg continues it; a question is answered unseen", async () => {
  await using pty = await Pty.start(["bash", "--norc", "--noediting", "-i"], env());
  const prompt = /bash-[\d.]+[$#] /;
  await pty.see(prompt);
  const ask =
    "stty -echo </dev/tty; printf 'password: ' >/dev/tty; read x </dev/tty; stty echo </dev/tty; echo got $x";
  pty.type(`$T -- sh -c "${ask.replaceAll("$", String.raw`\$`)}" | cat\n`);
  await pty.see(/\npassword: /);
  pty.type("\u001a");
  await pty.see("Stopped");
  await pty.see(prompt);
  expect(await pty.mode()).toMatchObject(usual);
  pty.type("fg\n");
  await pty.see("| cat");
  // Until then a person's keys would be the shell's as well.
  while ((await pty.mode()).icanon) await new Promise((done) => setTimeout(done, 20));
  pty.type("secret\r");
  expect(await pty.see("got secret")).not.toMatch(/secret[^]*got/);
  await pty.see(prompt);
  pty.type("exit\n");
  expect(await pty.end()).toMatchObject({ mode: usual });
});

test("what a command leaves in the background neither holds it up nor ends with it", async () => {
  const leave = "sleep 1021 & nohup sleep 1022 >/dev/null 2>&1 & setsid sleep 1023 & echo left";
  expect(await shared().ok(["-d", "debian", leave])).toBe("left");
  expect(await endSleeps("102[123]")).toBe(3);
});

test("TERM and COLORTERM come from the host, LANG from the distribution", async () => {
  const host = { TERM: "xterm-kitty", COLORTERM: "truecolor", LANG: "de_DE.ISO-8859-1" };
  const print = ["-d", "debian", "echo $TERM $COLORTERM $LANG"];
  expect(await shared().ok(print, { env: host })).toBe("xterm-kitty truecolor C.UTF-8");
  const locale = "/etc/default/locale";
  await shared().ok(["-d", "debian", `cp ${locale} /tmp/locale; echo 'LANG="fr_FR.UTF-8"' > ${locale}`]);
  expect(await shared().ok(print, { env: host })).toBe("xterm-kitty truecolor fr_FR.UTF-8");
  await shared().ok(["-d", "debian", `cp /tmp/locale ${locale}`]);
});
