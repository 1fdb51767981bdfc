import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inDebian, shared } from "../support/windows/shared-windows.ts";

const MiB = 1024 * 1024;

describe("a command in Debian, started by tswsl.exe", () => {
  test("runs on Linux", async () => {
    const { text, stderr, status } = await (await shared()).run(["-d", "debian", "--", "uname", "-a"]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(text).toMatch(/^Linux \S+ .* x86_64 GNU\/Linux$/);
  });

  test("is a real Debian's", async () => {
    expect((await inDebian("cat /etc/os-release")).text).toContain('NAME="Debian GNU/Linux"');
  });

  test("gives its exit status, and that of a signal", async () => {
    expect((await inDebian("exit 37")).status).toBe(37);
    expect((await inDebian("kill -9 $$")).status).toBe(137);
    expect((await (await shared()).run(["-d", "debian", "--", "no-such-command"])).status).toBe(127);
  });

  test("keeps standard output and error apart", async () => {
    const { text, stderr } = await inDebian("echo out; echo err >&2");
    expect({ text, stderr }).toEqual({ text: "out", stderr: "err\n" });
  });

  test("gets its words as they were typed", async () => {
    const words = ["a b", 'say "hi"', "back\\slash", "dollar $HOME", "", "ünï ☃"];
    const { stdout } = await (await shared()).run(["-d", "debian", "-e", "printf", "%s|", ...words]);
    expect(stdout.toString()).toBe(`${words.join("|")}|`);
  });

  test("gets 10 MB by its standard input, and their end", async () => {
    const input = randomBytes(10 * MiB);
    const { text } = await inDebian("sha256sum", { input });
    expect(text).toBe(`${createHash("sha256").update(input).digest("hex")}  -`);
  });

  test("gives 10 MB by its standard output", async () => {
    const { stdout } = await inDebian(`head -c ${10 * MiB} /dev/urandom | tee /tmp/sent`);
    expect(stdout).toHaveLength(10 * MiB);
    const { text } = await inDebian("sha256sum < /tmp/sent");
    expect(text).toBe(`${createHash("sha256").update(stdout).digest("hex")}  -`);
  });

  test("sends 10 MB back while it gets them", async () => {
    const input = randomBytes(10 * MiB);
    expect((await inDebian("cat", { input })).stdout.equals(input)).toBe(true);
  });

  test("begins in the home directory, or where it is told to", async () => {
    const instance = await shared();
    expect(await instance.ok(["~", "-d", "debian", "--", "pwd"])).toBe("/root");
    expect(await instance.ok(["-d", "debian", "--cd", "/etc", "--", "pwd"])).toBe("/etc");
    const share = ["--cd", String.raw`\\tswsl$\debian\etc`, "--", "pwd"];
    expect(await instance.ok(share)).toBe("/etc");
  });

  test("may reach the network through the host", async () => {
    const { text } = await inDebian("ip route show default | wc -l; getent hosts localhost | wc -l");
    expect(text).toBe("1\n1");
  });
});

test.each([
  [["path", String.raw`C:\users`], "/mnt/c/users"],
  [["path", "-w", "-d", "debian", "/mnt/c/users"], String.raw`C:\users`],
  [["path", "debian:/etc/fstab"], String.raw`\\tswsl$\debian\etc\fstab`],
])("tswsl.exe %j answers %s", async (args, expected) => {
  expect(await (await shared()).ok(args)).toBe(expected);
});
