import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { inDebian, shared } from "../support/debian.ts";

const folder = (path = ""): string => join(shared().home, "folders/debian", path);

describe.skipIf(!existsSync("/dev/fuse"))("distros' files as a folder of the host (needs /dev/fuse)", () => {
  beforeAll(async () => {
    // The daemon may have just begun; it shows them a moment later.
    await shared().ok(["list"]);
    await vi.waitFor(() => stat(join(shared().home, "folders/debian/etc")), {
      timeout: 60_000,
      interval: 500,
    });
  }, 70_000);

  test("shows what is there", async () => {
    expect(await readdir(folder())).toEqual(expect.arrayContaining(["etc", "home", "usr"]));
    expect(await readFile(folder("etc/os-release"), "utf8")).toContain("ID=debian");
  });

  test("what is written, renamed and removed here is so there", async () => {
    const content = "from the host ☃\n".repeat(20_000);
    await writeFile(folder("root/one"), content, { mode: 0o640 });
    await rename(folder("root/one"), folder("root/two"));
    expect(
      (await inDebian("ls /root/one /root/two; stat -c %a,%s /root/two; tail -n 1 /root/two")).text,
    ).toBe(`/root/two\n640,${Buffer.byteLength(content)}\nfrom the host ☃`);
    await rm(folder("root/two"));
    expect((await inDebian("ls -A /root | grep -c two")).text).toBe("0");
  });

  test("links lead nowhere out of the distro", async () => {
    await inDebian(
      "ln -sfn /etc/hostname /root/link && ln -sfn ../../../../../../etc/debian_version /root/up",
    );
    expect(await readFile(folder("root/up"), "utf8")).toBe(
      (await inDebian("cat /etc/debian_version")).text + "\n",
    );
    expect(await readFile(folder("root/link"), "utf8")).toBe(
      (await inDebian("cat /etc/hostname")).text + "\n",
    );
    await inDebian("rm /root/link /root/up");
  });

  test("looking into a stopped distro starts it", async () => {
    await shared().ok(["terminate", "debian"]);
    expect(await readFile(folder("etc/debian_version"), "utf8")).toMatch(/^\d+\./);
    const { distros } = await shared().json<{ distros: { name: string; state: string }[] }>(["list"]);
    expect(distros.find(({ name }) => name === "debian")?.state).toBe("running");
  });
});
