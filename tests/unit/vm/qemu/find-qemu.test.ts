import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findQemu, parseQemuVersion } from "../../../../src/vm/qemu/find-qemu.ts";

const { signal } = new AbortController();
let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-qemu-"));
});

afterEach(() => rm(directory, { recursive: true }));

describe("QEMU's version", () => {
  test.each([
    ["QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)", "7.2.22"],
    ["QEMU emulator version 6.2.0", "6.2.0"],
    ["QEMU emulator version 10.1", "10.1.0"],
  ])("in '%s' is %s", (text, version) => {
    expect(parseQemuVersion(text)).toBe(version);
  });

  test.each(["QEMU emulator version 6.1.9", "QEMU emulator version 5.2.0", "hello"])(
    "'%s' will not do",
    (text) => {
      expect(() => parseQemuVersion(text)).toThrow(
        expect.objectContaining({
          code: "unavailable",
          hint: expect.stringContaining("apt-get install qemu-system-x86"),
        }),
      );
    },
  );
});

describe("looking for QEMU", () => {
  test("a host without it is told how to get it", async () => {
    await expect(findQemu(directory, signal)).rejects.toMatchObject({
      code: "unavailable",
      hint: "Install it: apt-get install qemu-system-x86",
    });
    await expect(findQemu(undefined, signal)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("takes the first on the path that can be executed", async () => {
    const binary = join(directory, "qemu-system-x86_64");
    await writeFile(binary, "#!/bin/sh\necho QEMU emulator version 8.1.2\n");
    await expect(findQemu(directory, signal)).rejects.toMatchObject({ code: "unavailable" });
    await chmod(binary, 0o755);
    expect(await findQemu(["/nonexistent", directory].join(delimiter), signal)).toEqual({
      binary,
      version: "8.1.2",
    });
  });

  test("is asked for its version once, and again when it is another program", async () => {
    const binary = join(directory, "qemu-system-x86_64");
    const asked = join(directory, "asked");
    const install = async (version: string): Promise<void> =>
      await writeFile(binary, `#!/bin/sh\necho >>${asked}\necho QEMU emulator version ${version}\n`, {
        mode: 0o755,
      });
    await install("8.1.2");
    expect(await findQemu(directory, signal)).toMatchObject({ version: "8.1.2" });
    expect(await findQemu(directory, signal)).toMatchObject({ version: "8.1.2" });
    expect(await readFile(asked, "utf8")).toBe("\n");
    await install("10.0.0");
    expect(await findQemu(directory, signal)).toMatchObject({ version: "10.0.0" });
  });

  test("one that does not run is not there", async () => {
    const binary = join(directory, "qemu-system-x86_64");
    await writeFile(binary, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    await expect(findQemu(directory, signal)).rejects.toMatchObject({ code: "unavailable" });
  });
});
