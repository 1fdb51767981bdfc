import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";

test.each([
  ["the command's exit status", "exit 37", 37],
  ["success", "true", 0],
  ["a command that is not there", "exec /no/such/program", 127],
  ["a file that is not executable", "exec /etc/passwd", 126],
])("the exit status is that of %s", async (_, line, status) => {
  expect((await inDebian(line)).status).toBe(status);
});

test("a command killed by a signal ends with 128 and its number", async () => {
  const result = await shared().run(["-d", "debian", "-e", "sh", "-c", "kill -TERM $$"]);
  expect(result.status).toBe(128 + 15);
});

test("-e without such a program ends with 127 and names it", async () => {
  const result = await shared().run(["-d", "debian", "-e", "no-such-program"]);
  expect(result.status).toBe(127);
  expect(result.stderr).toContain("no-such-program");
});

test("standard output and error are two streams", async () => {
  const result = await inDebian("echo out; echo err >&2");
  expect(result.text).toBe("out");
  expect(result.stderr).toBe("err\n");
});

test("bytes pass unchanged both ways", async () => {
  const input = randomBytes(10 * 1024 * 1024);
  const result = await shared().run(["-d", "debian", "-e", "cat"], { input });
  expect(createHash("sha256").update(result.stdout).digest("hex")).toBe(
    createHash("sha256").update(input).digest("hex"),
  );
});

test("end of file reaches the command", async () => {
  const result = await shared().run(["-d", "debian", "-e", "wc", "-c"], { input: "seven b" });
  expect(result.text.trim()).toBe("7");
});

test("a single word is a line for the user's shell, several words stay apart", async () => {
  expect(await shared().ok(["-d", "debian", "echo $((6*7)) | cat"])).toBe("42");
  expect(await shared().ok(["-d", "debian", "--", "printf", "[%s]", "a b", "$HOME", ""])).toBe(
    "[a b][$HOME][]",
  );
});

test("-e passes arguments untouched", async () => {
  expect(await shared().ok(["-d", "debian", "-e", "printf", "[%s]", "a  b", "$HOME", "", "*"])).toBe(
    "[a  b][$HOME][][*]",
  );
});

test("a login shell has argv[0] with a dash and a login's environment", async () => {
  const result = await shared().run(["-d", "debian"], {
    input: "echo $0; echo $HOME:$USER:$LOGNAME:$SHELL; pwd\n",
  });
  expect(result.text.split("\n")).toEqual(["-bash", "/root:root:root:/bin/bash", "/root"]);
});

test("--cd and -u are honoured", async () => {
  const instance = shared();
  expect(await instance.ok(["-d", "debian", "--cd", "/usr/share", "-e", "pwd"])).toBe("/usr/share");
  expect(await instance.ok(["-d", "debian", "-u", "nobody", "-e", "id", "-un"])).toBe("nobody");
});

test("an unknown user is named, with what to do", async () => {
  const result = await shared().run(["-d", "debian", "-u", "no-such-user", "-e", "true"]);
  expect(result.status).toBe(125);
  expect(result.stderr).toMatch(/no-such-user/);
});

test("an unknown distro is named, with those that are there", async () => {
  const result = await shared().run(["-d", "nowhere", "-e", "true"]);
  expect(result.status).toBe(125);
  expect(result.stderr).toContain("there is no distribution named 'nowhere'");
  expect(result.stderr).toContain("debian");
});

test("a reader that stops early ends the command", async () => {
  const instance = shared();
  const child = instance.spawn(["-d", "debian", "-e", "yes"]);
  child.stdin?.end();
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdout?.once("data", () => child.stdout?.destroy());
  expect([141, null]).toContain(await ended);
});

test("64 commands run at once", async () => {
  const numbers = Array.from({ length: 64 }, (_, index) => index);
  const results = await Promise.all(
    numbers.map((n) => shared().ok(["-d", "debian", "-e", "echo", String(n)])),
  );
  expect(results).toEqual(numbers.map(String));
});
