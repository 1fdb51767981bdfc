import { describe, expect, test } from "vitest";
import { guestPlaceOf, startingPlaceOf, windowsPathOf } from "../../../../src/cli/arguments/windows-path.ts";

describe("a Windows path in a distribution", () => {
  test.each([
    ["a drive's folder", String.raw`C:\Users\Me\src`, { path: "/mnt/c/Users/Me/src" }],
    ["a drive's root", "C:\\", { path: "/mnt/c" }],
    ["a drive alone, as some programs say", "D:", undefined],
    ["slashes", "d:/data/new", { path: "/mnt/d/data/new" }],
    ["a final backslash", "C:\\Users\\", { path: "/mnt/c/Users" }],
    ["blanks and other scripts", String.raw`C:\Program Files\Ünï`, { path: "/mnt/c/Program Files/Ünï" }],
    ["dots", String.raw`C:\a\..\b\.\c`, { path: "/mnt/c/b/c" }],
    ["dots beyond the root", String.raw`C:\..\..\b`, { path: "/mnt/c/b" }],
    ["a long path", String.raw`\\?\C:\very\long`, { path: "/mnt/c/very/long" }],
    ["a distribution", String.raw`\\tswsl$\debian\home\me`, { distro: "debian", path: "/home/me" }],
    ["a distribution's root", String.raw`\\tswsl$\debian`, { distro: "debian", path: "/" }],
    ["any case of the server", String.raw`\\TSWSL$\Debian\Etc`, { distro: "Debian", path: "/Etc" }],
    ["a long path in one", String.raw`\\?\UNC\tswsl$\debian\home`, { distro: "debian", path: "/home" }],
    ["slashes to one", "//tswsl$/debian/home", { distro: "debian", path: "/home" }],
    ["dots in one stay in it", String.raw`\\tswsl$\debian\..\..\etc`, { distro: "debian", path: "/etc" }],
    ["the server alone", String.raw`\\tswsl$`, undefined],
    ["another computer", String.raw`\\server\share\x`, undefined],
    ["another computer, long", String.raw`\\?\UNC\server\share\x`, undefined],
    ["a device", String.raw`\\.\COM1`, undefined],
    ["a volume", String.raw`\\?\Volume{2a7f}\x`, undefined],
    ["a drive's current directory", "C:notes", undefined],
    ["a relative path", String.raw`src\main`, undefined],
    ["the current drive's root", String.raw`\Users`, undefined],
    ["a path of the distribution", "/etc", undefined],
    ["nothing", "", undefined],
  ])("%s", (_, path, expected) => {
    expect(guestPlaceOf(path)).toEqual(expected);
  });
});

describe("where a command begins", () => {
  test.each([
    [String.raw`c:\a\..\Users`, { path: String.raw`c:\Users` }],
    [String.raw`\\?\C:\very\long`, { path: String.raw`C:\very\long` }],
    ["D:/data", { path: String.raw`D:\data` }],
    [String.raw`\\tswsl$\debian\home`, { distro: "debian", path: "/home" }],
    [String.raw`\\server\share`, undefined],
    ["C:notes", undefined],
  ])("%s", (path, expected) => {
    expect(startingPlaceOf(path)).toEqual(expected);
  });
});

describe("a distribution's path in Windows", () => {
  test.each([
    ["/mnt/c/Users/Me", String.raw`C:\Users\Me`],
    ["/mnt/c", "C:\\"],
    ["/mnt/c/", "C:\\"],
    ["/mnt/cdrom", String.raw`\\tswsl$\debian\mnt\cdrom`],
    ["/home/me/", String.raw`\\tswsl$\debian\home\me`],
    ["/", "\\\\tswsl$\\debian\\"],
  ])("%s", (path, expected) => {
    expect(windowsPathOf({ distro: "debian", path })).toBe(expected);
  });

  test("and back is the same place", () => {
    for (const path of ["/mnt/c/a b/c", "/mnt/z", "/home/me", "/"]) {
      expect(guestPlaceOf(windowsPathOf({ distro: "debian", path }))?.path).toBe(path);
    }
  });
});
