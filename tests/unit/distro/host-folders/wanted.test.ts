import { expect, test } from "vitest";
import { chosenMount, wantedMounts, type MountFacts } from "../../../../src/distro/host-folders/wanted.ts";
import { parseWslConf } from "../../../../src/distro/wsl-conf.ts";

const everything = { source: "", target: "/run/tswsl/host", readOnly: false };

const facts = (conf: string, changes: Partial<MountFacts> = {}): MountFacts => ({
  automount: parseWslConf(conf).conf.automount,
  policy: { access: "read-write", chosen: [] },
  roots: [{ path: "/", name: "host" }],
  added: [],
  owner: { uid: 1000, gid: 1000 },
  ...changes,
});

test("the host's root belongs to the default user", () => {
  expect(wantedMounts(facts("")).mounts).toEqual([
    everything,
    { source: "path=%2F;uid=1000;gid=1000", target: "/mnt/host", readOnly: false },
  ]);
});

test("drives of Windows, below another root", () => {
  const roots = [
    { path: "C:\\", name: "c" },
    { path: "D:\\", name: "d" },
  ];
  const { mounts } = wantedMounts(facts("[automount]\nroot=/\n", { roots }));
  expect(mounts.map(({ target }) => target)).toEqual(["/run/tswsl/host", "/c", "/d"]);
});

test("options of drives, and of folders on them that were chosen", () => {
  const roots = [{ path: "C:\\", name: "c" }];
  const conf = '[automount]\nroot=/windir/\noptions="metadata,case=force"\n';
  const project = { source: "D:\\Projects", target: "/projects", readOnly: true };
  const { mounts, look } = wantedMounts(facts(conf, { roots, added: [project] }));
  const options = "uid=1000;gid=1000;metadata;case=dir;symlinkroot=%2Fwindir%2F";
  const chosen = { ...project, source: `path=D%3A%5CProjects;ro;${options}` };
  expect(mounts).toEqual([
    everything,
    { source: `path=C%3A%5C;${options}`, target: "/windir/c", readOnly: false },
    chosen,
  ]);
  expect(chosenMount(project, look)).toEqual(chosen);
});

test("[automount] options", () => {
  const conf = '[automount]\noptions = "metadata,uid=0,umask=22,fmask=11,ro,noatime"\n';
  const { mounts, warnings } = wantedMounts(facts(conf));
  const source = "path=%2F;ro;uid=0;gid=1000;umask=22;fmask=11";
  expect(mounts).toEqual([everything, { source, target: "/mnt/host", readOnly: true }]);
  expect(warnings).toEqual([]);
});

test("options that are not known are told of", () => {
  const { mounts, warnings } = wantedMounts(facts('[automount]\noptions="uid=me,shiny"\n'));
  expect(mounts).toHaveLength(2);
  expect(warnings).toEqual([
    "[automount] options: 'uid=me' is not known and is left out",
    "[automount] options: 'shiny' is not known and is left out",
  ]);
});

test("none: by wsl.conf, or by the settings; what was added stays", () => {
  const added = [{ source: "/srv", target: "/work", readOnly: true }];
  const work = { source: "path=%2Fsrv;ro;uid=1000;gid=1000", target: "/work", readOnly: true };
  expect(wantedMounts(facts("[automount]\nenabled=false\n", { added })).mounts).toEqual([everything, work]);
  const policy = { access: "none", chosen: [] } as const;
  expect(wantedMounts(facts("", { added, policy })).mounts).toEqual([everything, work]);
});

test("read-only by the settings", () => {
  const [, mount] = wantedMounts(facts("", { policy: { access: "read-only", chosen: [] } })).mounts;
  expect(mount).toMatchObject({ readOnly: true, source: "path=%2F;ro;uid=1000;gid=1000" });
});
