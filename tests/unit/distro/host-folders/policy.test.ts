import { expect, test } from "vitest";
import { plainExport } from "../../../../src/distro/host-folders/export-name.ts";
import { permitted, type HostFolderPolicy } from "../../../../src/distro/host-folders/policy.ts";
import { hostFolderPolicy } from "../../../../src/distro/host-folders/policy-now.ts";

const chosen = [
  { path: "/srv", readOnly: false },
  { path: "/photos", readOnly: true },
];
const readOnlyAt = (path: string, access: HostFolderPolicy["access"]): boolean | undefined =>
  permitted(plainExport(path), { access, chosen })?.readOnly;

test("all of the host, for reading only, or nothing of it", () => {
  expect(readOnlyAt("/etc", "read-write")).toBe(false);
  expect(readOnlyAt("/etc", "read-only")).toBe(true);
  expect(readOnlyAt("/etc", "none")).toBeUndefined();
});

test("what was chosen is there whatever the access, as it was chosen", () => {
  for (const access of ["read-write", "read-only", "none"] as const) {
    expect(readOnlyAt("/srv", access)).toBe(false);
    expect(readOnlyAt("/photos", access)).toBe(true);
  }
});

test("nothing beside or above a chosen folder, however it is written", () => {
  for (const path of ["/", "/srv/", "/srv/..", "/srv/../etc", "//srv", "/srv2", "/photos/."]) {
    expect(readOnlyAt(path, "none")).toBeUndefined();
  }
});

test("Windows does not tell small letters from capital ones, and the folder is opened as it was chosen", () => {
  const drives = { access: "none", chosen: [{ path: "C:\\Projects", readOnly: false }] } as const;
  expect(permitted(plainExport("c:\\PROJECTS"), drives)?.path).toBe("C:\\Projects");
  expect(permitted(plainExport("C:\\Projects2"), drives)).toBeUndefined();
  expect(permitted(plainExport("/SRV"), { access: "none", chosen })).toBeUndefined();
});

test("a folder that is asked for read-only stays so", () => {
  const wanted = { ...plainExport("/srv"), readOnly: true };
  expect(permitted(wanted, { access: "read-write", chosen })?.readOnly).toBe(true);
});

test("a folder chosen twice may be written if one of them may", () => {
  const distro = (source: string, readOnly: boolean): { hostFolders: object[] } => ({
    hostFolders: [{ source, target: "/x", readOnly }],
  });
  const registry = { all: [distro("/srv", true), distro("/srv", false), distro("/photos", true), {}] };
  // Only what it reads of them.
  const policy = hostFolderPolicy({ current: { hostFolders: "none" } } as never, registry as never);
  expect(policy.access).toBe("none");
  expect(policy.chosen).toContainEqual({ path: "/srv", readOnly: false });
  expect(policy.chosen).not.toContainEqual({ path: "/srv", readOnly: true });
  expect(policy.chosen).toContainEqual({ path: "/photos", readOnly: true });
});
