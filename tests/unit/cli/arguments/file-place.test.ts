import { describe, expect, test } from "vitest";
import {
  isDistroPlace,
  parseCopyPlace,
  parseDistroPlace,
  parsePlace,
} from "../../../../src/cli/arguments/file-place.ts";
import { guestPlaceOfLinux, hostPathOfLinux } from "../../../../src/cli/arguments/linux-path.ts";
import { hostPaths } from "../../../../src/cli/arguments/translate-path.ts";

const ofMe = hostPaths(false, { HOME: "/home/me" });
const linux = { cwd: "/srv/here", windows: false };
const windows = { cwd: "D:\\work", windows: true };
const distro = (path: string, name?: string): object => ({
  in: "distro",
  path,
  ...(name && { distro: name }),
});
const host = (path: string): object => ({ in: "host", path });

describe("on Linux", () => {
  test.each([
    ["debian:/etc", distro("/etc", "debian")],
    ["debian:notes", distro("notes", "debian")],
    ["debian:", distro("", "debian")],
    [":/etc", distro("/etc")],
    ["Ubuntu-24.04:/a:b", distro("/a:b", "Ubuntu-24.04")],
    ["c:/x", distro("/x", "c")],
    ["/etc", host("/etc")],
    ["notes", host("/srv/here/notes")],
    ["../x/", host("/srv/x")],
    ["./a:b", host("/srv/here/a:b")],
    ["dir/a:b", host("/srv/here/dir/a:b")],
    [".", host("/srv/here")],
  ])("%s", (text, place) => {
    expect(parsePlace(text, linux)).toEqual(place);
    expect(isDistroPlace(text, false)).toBe("in" in place && place.in === "distro");
  });

  test.each([
    ["dir", "/srv/here/dir"],
    ["dir/", "/srv/here/dir/"],
    ["dir/.", "/srv/here/dir/."],
    [".", "/srv/here/."],
    ["..", "/srv/."],
    ["/", "/"],
    ["/.", "/."],
  ])("cp is told how %s ends", (text, path) => {
    expect(parseCopyPlace(text, linux, ofMe)).toEqual(host(path));
  });

  test.each([
    ["/home/me/tswsl/debian/etc", distro("/etc", "debian")],
    ["/home/me/tswsl/debian/etc/.", distro("/etc/.", "debian")],
    ["/home/me/tswsl", host("/home/me/tswsl")],
  ])("cp knows %s, a distribution's folder, for what it is", (text, place) => {
    expect(parseCopyPlace(text, linux, ofMe)).toEqual(place);
  });

  test("a name that no distribution has is refused, with the way to a file of that name", () => {
    expect(() => parsePlace("my file:x", linux)).toThrow("'my file' cannot be the name of a distribution");
    expect(isDistroPlace("my file:x", false)).toBe(false);
    expect(isDistroPlace("http://x", false)).toBe(true);
  });

  test("where only a distribution will do", () => {
    expect(parseDistroPlace("debian:/etc", linux, "ls")).toEqual(distro("/etc", "debian"));
    expect(() => parseDistroPlace("/etc", linux, "ls")).toThrow("'/etc' is a path of this host");
  });
});

describe("on Windows", () => {
  test.each([
    ["debian:/etc", distro("/etc", "debian")],
    ["C:\\Users", host("C:\\Users")],
    ["c:/Users/me", host("c:\\Users\\me")],
    ["notes\\x", host("D:\\work\\notes\\x")],
    ["\\\\tswsl$\\debian\\etc", distro("/etc", "debian")],
    ["\\\\server\\share\\x", host("\\\\server\\share\\x")],
    [".\\a:b", host("D:\\work\\a:b")],
  ])("%s", (text, place) => {
    expect(parsePlace(text, windows)).toEqual(place);
  });
});

describe("a Linux host's paths and a distribution's", () => {
  test.each([
    ["/", { path: "/mnt/host" }],
    ["/etc/", { path: "/mnt/host/etc" }],
    ["/home/me", { path: "/mnt/host/home/me" }],
    ["/home/me/tswsl", { path: "/mnt/host/home/me/tswsl" }],
    ["/home/me/tswsl/debian", { distro: "debian", path: "/" }],
    ["/home/me/tswsl/debian/etc/../usr", { distro: "debian", path: "/usr" }],
    ["/home/me/tswsl2/debian", { path: "/mnt/host/home/me/tswsl2/debian" }],
  ])("%s from the host", (path, place) => {
    expect(guestPlaceOfLinux(path, "/home/me/tswsl")).toEqual(place);
  });

  test.each([
    ["/", "/home/me/tswsl/debian"],
    ["/etc/", "/home/me/tswsl/debian/etc"],
    ["/mnt/host", "/"],
    ["/mnt/host/", "/"],
    ["/mnt/host/etc", "/etc"],
    ["/mnt/hosts", "/home/me/tswsl/debian/mnt/hosts"],
    ["/mnt/host/../x", "/home/me/tswsl/debian/mnt/x"],
  ])("%s from the distribution", (path, found) => {
    expect(hostPathOfLinux({ distro: "debian", path }, "/home/me/tswsl")).toBe(found);
  });
});
