import { describe, expect, test } from "vitest";
import { findAccount } from "../../../../src/distro/files/account.ts";
import { listFiles } from "../../../../src/distro/files/list.ts";
import { locate } from "../../../../src/distro/files/locate.ts";
import { readPlace } from "../../../../src/distro/files/read.ts";
import { statFile } from "../../../../src/distro/files/stat.ts";
import { S_IFCHR, S_IFIFO, deviceNumber } from "../../../../src/fs-9p/linux.ts";
import { inDebian, makeDirectories, MemoryPlaces, nodeAt, quietCall, write } from "./memory-places.ts";

describe("a user in /etc/passwd", () => {
  const passwd =
    "root:x:0:0:root:/root:/bin/sh\nme:x:1000:100::/home/me:/bin/sh\nodd:x:5:5::home:\nbroken\n:::\n";

  test.each([
    ["me", { name: "me", uid: 1000, gid: 100, home: "/home/me" }],
    ["1000", { name: "me", uid: 1000, gid: 100, home: "/home/me" }],
    ["4242", { name: "4242", uid: 4242, gid: 4242, home: "/" }],
    ["odd", { name: "odd", uid: 5, gid: 5, home: "/" }],
    ["root", { name: "root", uid: 0, gid: 0, home: "/root" }],
  ])("%s", (user, account) => {
    expect(findAccount(passwd, user, "debian")).toEqual(account);
  });

  test("root is there without a line, nobody else", () => {
    expect(findAccount(null, "root", "debian")).toEqual({ name: "root", uid: 0, gid: 0, home: "/root" });
    for (const user of ["me", "4294967295", "-1", "broken"])
      expect(() => findAccount(null, user, "debian")).toThrow(`there is no user '${user}' in 'debian'`);
  });
});

describe("a path", () => {
  async function pathOf(path: string, follow = true): Promise<string> {
    const { debian } = new MemoryPlaces();
    await write(debian, "/usr/bin/sh", "");
    await debian.symlink("bin", "usr/bin", { gid: 0 });
    await debian.symlink("out", "../../../usr", { gid: 0 });
    await debian.symlink("loop", "loop", { gid: 0 });
    const located = await locate(debian, path, follow);
    await located.close();
    return `${located.path}${located.node === undefined ? " (missing)" : ""}`;
  }

  test.each([
    ["/", "/"],
    ["", "/"],
    ["/../..", "/"],
    ["/bin/./sh", "/usr/bin/sh"],
    ["/bin/../bin/sh", "/usr/bin/sh"],
    ["/out/bin", "/usr/bin"],
    ["/usr/new", "/usr/new (missing)"],
    ["/new", "/new (missing)"],
  ])("%s is %s", async (path, found) => {
    expect(await pathOf(path)).toBe(found);
  });

  test("a link at its end is followed when wanted, or when a slash comes after it", async () => {
    expect([await pathOf("/bin", false), await pathOf("/bin/", false), await pathOf("/bin")]).toEqual([
      "/bin",
      "/usr/bin",
      "/usr/bin",
    ]);
  });

  test.each([
    ["/none/x", "ENOENT"],
    ["/usr/bin/sh/x", "ENOTDIR"],
    ["/loop", "ELOOP"],
  ])("%s is %s", async (path, code) => {
    await expect(pathOf(path)).rejects.toThrow(code);
  });
});

describe("listing", () => {
  async function sample(): Promise<MemoryPlaces> {
    const places = new MemoryPlaces();
    await write(places.debian, "/etc/passwd", "root:x:0:0::/root:\nme:x:1000:1000::/home/me:\n");
    await write(places.debian, "/etc/group", "root:x:0:\nusers:x:100:me\n");
    const node = await write(places.debian, "/d/file", "12345");
    const modified = { seconds: 1_700_000_000, nanoseconds: 123_999_999 };
    await node.setattr({ mode: 0o4751, uid: 1000, gid: 7, modified });
    const d = await nodeAt(places.debian, "/d");
    await d.symlink("link", "file", { gid: 0 });
    await d.mknod("null", deviceNumber(1, 3), { mode: S_IFCHR | 0o666, gid: 0 });
    await d.mkdir("sub", { mode: 0o755, gid: 100 });
    return places;
  }
  const request = { place: inDebian("/d"), details: true, follow: true };

  test("a directory, with all that is known", async () => {
    const listed = await listFiles(request, await sample(), quietCall());
    expect(listed).toMatchObject({ distro: "debian", type: "directory", more: false });
    expect(listed.entries.map(({ name, type }) => [name, type])).toEqual([
      ["file", "file"],
      ["link", "symlink"],
      ["null", "character"],
      ["sub", "directory"],
    ]);
    const [file, link, device, sub] = listed.entries.map(({ details }) => details);
    expect(file).toMatchObject({
      permissions: 0o4751,
      uid: 1000,
      owner: "me",
      gid: 7,
      group: null,
      size: 5,
      modifiedAt: "2023-11-14T22:13:20.123Z",
      target: null,
    });
    expect(link?.target).toBe("file");
    expect([device?.major, device?.minor]).toEqual([1, 3]);
    expect(sub).toMatchObject({ owner: "root", group: "users" });
  });

  test("names alone, one file, a link's own line", async () => {
    const places = await sample();
    const names = await listFiles({ ...request, details: false }, places, quietCall());
    expect(names.entries[0]).toEqual({ name: "file", type: "file", details: null });
    const place = inDebian("/d/link");
    expect(await listFiles({ ...request, place }, places, quietCall())).toMatchObject({
      type: "file",
      entries: [{ name: "file" }],
    });
    expect(await listFiles({ ...request, place, follow: false }, places, quietCall())).toMatchObject({
      type: "symlink",
      entries: [{ name: "link" }],
    });
    expect(places.opened).toBe(0);
  });

  test("a large directory takes several answers, each within a message", async () => {
    const places = new MemoryPlaces();
    const big = await makeDirectories(places.debian, "/big");
    const name = (index: number): string => `${String(index).padStart(5, "0")}${"\u0001".repeat(250)}`;
    for (let index = 0; index < 3000; index += 1) await big.symlink(name(index), "x", { gid: 0 });
    const found: string[] = [];
    let answers = 0;
    for (let more = true; more; answers += 1) {
      const after = found.at(-1);
      const page = {
        place: inDebian("/big"),
        details: false,
        follow: true,
        ...(after !== undefined && { after }),
      };
      const listed = await listFiles(page, places, quietCall());
      expect(JSON.stringify(listed).length).toBeLessThan(4 * 1024 * 1024);
      found.push(...listed.entries.map((entry) => entry.name));
      ({ more } = listed);
    }
    expect(found).toEqual(Array.from({ length: 3000 }, (_, index) => name(index)));
    expect(answers).toBeGreaterThan(1);
  });

  test("of what is not there", async () => {
    const place = inDebian("/none");
    await expect(listFiles({ ...request, place }, await sample(), quietCall())).rejects.toThrow(
      "debian:/none: no such file or directory",
    );
  });
});

describe("reading and finding", () => {
  async function content(path: string, places: MemoryPlaces): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readPlace({ place: inDebian(path) }, places, quietCall())) chunks.push(chunk);
    return Buffer.concat(chunks).toString("latin1");
  }

  test("a file comes byte for byte, from the home directory or an absolute path", async () => {
    const places = new MemoryPlaces();
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7) % 256));
    await write(places.debian, "/home/me/raw", bytes);
    expect((await content("raw", places)) === bytes.toString("latin1")).toBe(true);
    expect((await content("/home/me/raw", places)).length).toBe(700_000);
    expect(places.opened).toBe(0);
  });

  test("directories and pipes are no files to read", async () => {
    const places = new MemoryPlaces();
    const d = await makeDirectories(places.debian, "/d");
    await d.mknod("pipe", 0, { mode: S_IFIFO | 0o600, gid: 0 });
    await expect(content("/d", places)).rejects.toThrow("debian:/d: is a directory");
    await expect(content("/d/pipe", places)).rejects.toThrow("debian:/d/pipe: nothing that can be read");
    await expect(content("/d/none", places)).rejects.toThrow("debian:/d/none: no such file or directory");
    expect(places.opened).toBe(0);
  });

  test("where something is", async () => {
    const places = new MemoryPlaces();
    await write(places.debian, "/home/me/täg", "");
    await places.debian.symlink("l", "/home/me", { gid: 0 });
    expect(await statFile({ place: inDebian("/l/täg") }, places, quietCall())).toEqual({
      distro: "debian",
      path: "/home/me/täg",
      type: "file",
    });
  });
});
