import { expect, test } from "vitest";
import { shared } from "../support/windows/shared-windows.ts";

/** Wine's console hides the cursor while it draws, and moves it as it likes. */
const prompt = /ready>/;

test("a session on a console: keys, a new size, Ctrl-C, Ctrl-D", async () => {
  const instance = await shared();
  const { pty, control, resize } = await instance.terminal(["-d", "debian"]);
  await pty.see(/[#$]/, 60_000);
  pty.type("PS1=ready'>'; clear\r");
  await pty.see(prompt);

  pty.type("tty; stty size\r");
  await pty.see(/\/dev\/pts\/\d+/);
  await pty.see(/24 80/);
  await pty.see(prompt);

  resize(100, 30);
  pty.type("until [ \"$(stty size)\" = '30 100' ]; do sleep 0.1; done; echo resized-to $(stty size)\r");
  await pty.see(/resized-to 30 100/);
  await pty.see(prompt);

  pty.type("trap 'echo interrupted-$((40 + 2))' INT; sleep 100 & wait; echo after\r");
  await pty.see(/after/);
  control("c");
  await pty.see(/interrupted-42/);

  pty.type("echo characters-$(echo ünï-☃ | wc -m)\r");
  await pty.see(/characters-6/);
  await pty.see(prompt);

  pty.type("exit 3\r");
  expect((await pty.end()).status).toBe(3);
}, 120_000);

test("Ctrl-C ends a program, and its status is that of the interrupt", async () => {
  const instance = await shared();
  const { pty, control } = await instance.terminal(["-d", "debian", "--", "cat"]);
  pty.type("echoed by the distribution's terminal\r");
  await pty.see(/echoed by.*echoed by/s, 60_000);
  control("c");
  expect((await pty.end()).status).toBe(130);
});
