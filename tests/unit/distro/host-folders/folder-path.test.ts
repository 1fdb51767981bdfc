import { expect, test } from "vitest";
import { folderPath, isSameFolder } from "../../../../src/distro/host-folders/folder-path.ts";

test.each([
  ["C:\\", "C:\\"],
  ["c:\\Users\\me\\", "C:\\Users\\me"],
  ["d:\\a\\..\\b\\.\\c", "D:\\b\\c"],
  ["C:\\..\\..", "C:\\"],
  ["C:\\Ünï and more", "C:\\Ünï and more"],
])("on Windows %s is the folder %s", (path, expected) => {
  expect(folderPath(path, "win32")).toBe(expected);
});

test.each([
  "C:",
  "C:notes",
  "\\Users",
  "/mnt",
  "notes",
  "\\\\server\\share",
  "\\\\.\\PhysicalDrive0",
  "\\\\?\\C:\\x",
])("on Windows %s is no folder of ours", (path) => {
  expect(folderPath(path, "win32")).toBeUndefined();
});

test("on Linux", () => {
  expect(folderPath("/home/../etc/", "linux")).toBe("/etc");
  expect(folderPath("etc", "linux")).toBeUndefined();
});

test("the same folder", () => {
  expect(isSameFolder("C:\\Users", "c:\\users")).toBe(true);
  expect(isSameFolder("/Users", "/users")).toBe(false);
});
