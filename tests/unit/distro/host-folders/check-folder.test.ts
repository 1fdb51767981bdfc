import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkHostFolder } from "../../../../src/distro/host-folders/check-folder.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const readOnly = false;

test("a folder and a place for it", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "src"));
  const folder = { source: join(directory, "src"), target: "/work", readOnly };
  await expect(checkHostFolder(folder)).resolves.toEqual(folder);
});

test("what cannot be mounted", async () => {
  const directory = await temporaryDirectory();
  const at = (name: string): string => join(directory, name);
  await mkdir(at("src"));
  await writeFile(at("file"), "");
  await symlink("src", at("link"));
  const check = (source: string, target = "/work"): Promise<unknown> =>
    checkHostFolder({ source, target, readOnly });
  await expect(check("src")).rejects.toMatchObject({ code: "invalid-argument" });
  await expect(check(at("absent"))).rejects.toMatchObject({ code: "not-found" });
  await expect(check(at("file"))).rejects.toThrow("is not a folder");
  await expect(check(at("link"))).rejects.toThrow(`is a link; the folder is '${at("src")}'`);
  for (const target of ["work", "/", "//", "/a/../b", "/a\0"]) {
    await expect(check(at("src"), target)).rejects.toMatchObject({ code: "invalid-argument" });
  }
});
