import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, inject, test } from "vitest";
import { join, resolve } from "node:path";

/**
 * A tmux server of our own: a real terminal, driven and read as a person would. One for each test, since a server that
 * has been told to end still answers on its socket for a moment.
 */
let socket = "";
let servers = 0;
const tmux = (...args: string[]): string =>
  execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8" });
const screen = (): string => tmux("capture-pane", "-p");
const type = (...keys: string[]): string => tmux("send-keys", ...keys);

/** Waits until the screen matches: a screen has no event to wait for. A screen that never does is in the error. */
async function see(pattern: RegExp, withinMs = 60_000): Promise<string> {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const text = screen();
    if (pattern.test(text)) return text;
    if (Date.now() > giveUp) throw new Error(`never saw ${String(pattern)}; the screen is\n${text}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

beforeEach(async () => {
  servers += 1;
  socket = join(inject("home"), `tmux-${servers}`);
  const command = `TSWSL_HOME=${inject("home")} ${resolve("bin/tswsl")} -d debian; echo ended with $?; sleep 1000`;
  tmux("new-session", "-d", "-x", "80", "-y", "24", "sh", "-c", command);
  // The prompt; tmux leaves trailing blanks out.
  await see(/#$/m);
});

afterEach(() => {
  tmux("kill-server");
});

test("a shell has a terminal of the distro's own, with the window's size", async () => {
  type("tty; stty size", "Enter");
  await see(/\/dev\/pts\/\d+\n24 80/);
});

test("a new window size reaches the program", async () => {
  tmux("resize-window", "-x", "100", "-y", "30");
  type("stty size", "Enter");
  await see(/^30 100$/m);
});

test("Ctrl-C ends the foreground command and not the shell", async () => {
  type("sleep 1000", "Enter");
  await see(/sleep 1000/);
  type("C-c");
  type("echo status $?", "Enter");
  await see(/^status 130$/m);
});

test("Ctrl-Z stops, jobs lists, fg goes on", async () => {
  // The word shows that the foreground program has the terminal, and no longer the shell.
  type("sh -c 'echo ready; exec cat'", "Enter");
  await see(/^ready$/m);
  type("C-z");
  await see(/Stopped/);
  type("jobs", "Enter");
  await see(/jobs\n.*Stopped\s+sh -c/);
  type("fg", "Enter");
  await see(/fg\nsh -c/);
  type("hello", "Enter");
  await see(/^hello\nhello$/m);
  type("C-d");
});

test("vim draws on the whole screen, follows a resize, and leaves the terminal as it was", async () => {
  const install = "{ apt-get -qq update && apt-get -qq install -y vim-tiny; } >/dev/null 2>&1";
  type(`test -x /usr/bin/vim.tiny || ${install}; echo vim is $?`, "Enter");
  await see(/^vim is 0$/m, 540_000);
  type("vim.tiny /tmp/v.txt", "Enter");
  await see(/~\n~\n/);
  type("i", "größer als 日本", "Escape");
  await see(/größer als 日本/);
  tmux("resize-window", "-x", "60", "-y", "15");
  await see(/(~\n){10,13}[^~]/);
  type(":wq", "Enter");
  // What is typed while vim is ending would be vim's.
  await see(/#$/m);
  type("cat /tmp/v.txt; stty -a | grep -o ' -\\?icanon'", "Enter");
  await see(/größer als 日本\n icanon/);
}, 600_000);

test("exit ends the client with the shell's status, and the terminal is sane again", async () => {
  type("exit 7", "Enter");
  await see(/ended with 7/);
});
