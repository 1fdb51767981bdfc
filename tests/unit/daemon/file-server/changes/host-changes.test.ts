import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { HostChanges } from "../../../../../src/daemon/file-server/changes/host-changes.ts";
import {
  FileError,
  type FileNode,
  type HostDirectory,
  HostDisk,
  observed,
} from "../../../../../src/fs-9p/index.ts";
import type { ReplayEvent } from "../../../../../src/protocol/guest.ts";
import { openFiles } from "../../../../support/leaks.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const how = { mode: 0o644, gid: 0 };
const asked = "path=folder";

interface Followed {
  readonly folder: string;
  readonly changes: HostChanges;
  /** The guest's way to the folder. */
  readonly root: FileNode;
  /** What has been told so far; it is told further after `told` has been asked for, unless it is to be kept waiting. */
  readonly told: string[];
  readonly batches: (readonly ReplayEvent[])[];
  keepWaiting: boolean;
  permitted: boolean;
  /** Walks there, as a guest that begins to watch it does. */
  readonly watch: (...paths: readonly string[]) => Promise<void>;
}

type Overlay = Partial<Pick<HostDirectory, "staysWhileOpen" | "watch">>;

async function follow(
  prepare: (folder: string) => void = () => {},
  overlay: Overlay = {},
): Promise<Followed> {
  const folder = await temporaryDirectory();
  prepare(folder);
  const disk = new HostDisk(folder, { rememberForMs: 0 });
  const told: string[] = [];
  const batches: (readonly ReplayEvent[])[] = [];
  const changes = new HostChanges({
    disk: () => {
      if (!followed.permitted) throw new FileError("EACCES");
      return {
        attributesOf: (stats) => disk.attributesOf(stats),
        openDirectory: (names) => Object.assign(disk.openDirectory(names), overlay),
      };
    },
    onChanges: (events) => {
      batches.push(events);
      told.push(...events.map(inWords));
      if (!followed.keepWaiting) setTimeout(() => changes.replayed(true), 0);
    },
    onWalked: () => {},
  });
  const attached = observed(disk, changes).attach({ user: "", uid: 0, path: "" });
  // A host disk is synchronous.
  const root = attached as FileNode;
  changes.root(root, asked);
  const qidOf = (path: string): number => {
    let node = root;
    for (const name of path.split("/").filter((part) => part !== "")) node = node.walk(name) as FileNode;
    return node.qid.path;
  };
  const followed: Followed = {
    folder,
    changes,
    root,
    told,
    batches,
    keepWaiting: false,
    permitted: true,
    watch: async (...paths) => {
      changes.watch(paths.map(qidOf));
      // Directories are taken up in turns of the loop, at least one in each, and each may have a parent.
      for (let turn = 0; turn <= paths.length * 2; turn += 1) await setImmediate();
    },
  };
  onTestFinished(() => changes.stop());
  return followed;
}

function inWords({ op, path, to }: ReplayEvent): string {
  const below = (text: string): string => text.replace(`/run/tswsl/host/${asked}/`, "");
  return [op, below(path), ...(to === undefined ? [] : [below(to)])].join(" ");
}

/** What has been told since the last time: waits for so many changes, and a little longer for more of them. */
async function news({ told }: Followed, count: number): Promise<readonly string[]> {
  await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(count), 5000);
  await delay(60);
  return told.splice(0);
}

test("what other programs do in a watched folder is told, and nothing of other folders", async () => {
  const followed = await follow((folder) => mkdirSync(join(folder, "other")));
  const { folder, watch } = followed;
  await watch("");
  writeFileSync(join(folder, "file"), "hello");
  expect(await news(followed, 2)).toEqual(["create file", "modify file"]);
  appendFileSync(join(folder, "file"), " more");
  expect(await news(followed, 1)).toEqual(["modify file"]);
  chmodSync(join(folder, "file"), 0o600);
  expect(await news(followed, 1)).toEqual(["attrib file"]);
  renameSync(join(folder, "file"), join(folder, "moved"));
  expect(await news(followed, 1)).toEqual(["rename file moved"]);
  unlinkSync(join(folder, "moved"));
  expect(await news(followed, 1)).toEqual(["delete moved"]);
  symlinkSync("/etc/passwd", join(folder, "link"));
  mkdirSync(join(folder, "new"));
  expect(await news(followed, 2)).toEqual(["create link", "create new"]);
  writeFileSync(join(folder, "other", "unheard"), "");
  expect(await news(followed, 0)).toEqual([]);
});

test("a rename between two watched folders, and out of the only one", async () => {
  const followed = await follow((folder) => {
    for (const name of ["a", "b", "c"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "a", "file"), "x");
  });
  const { folder, watch } = followed;
  await watch("a", "b");
  renameSync(join(folder, "a", "file"), join(folder, "b", "moved"));
  expect(await news(followed, 1)).toEqual(["rename a/file b/moved"]);
  renameSync(join(folder, "b", "moved"), join(folder, "c", "away"));
  expect(await news(followed, 1)).toEqual(["delete b/moved"]);
  renameSync(join(folder, "c", "away"), join(folder, "a", "back"));
  expect(await news(followed, 2)).toEqual(["create a/back", "modify a/back"]);
});

test("a watched folder that is renamed is followed, and one that is removed goes with what was in it", async () => {
  const followed = await follow((folder) => {
    mkdirSync(join(folder, "dir"));
    writeFileSync(join(folder, "dir", "file"), "x");
  });
  const { folder, watch } = followed;
  await watch("", "dir");
  renameSync(join(folder, "dir"), join(folder, "renamed"));
  expect(await news(followed, 1)).toEqual(["rename dir renamed"]);
  writeFileSync(join(folder, "renamed", "second"), "");
  expect(await news(followed, 1)).toEqual(["create renamed/second"]);
  rmSync(join(folder, "renamed"), { recursive: true });
  await vi.waitFor(() => expect(followed.told).toHaveLength(3));
  expect(followed.told.slice(0, 2).toSorted()).toEqual(["delete renamed/file", "delete renamed/second"]);
  expect(followed.told[2]).toBe("delete renamed");
});

test("of a watched file its own changes are told, not those of its neighbours", async () => {
  const followed = await follow((folder) => {
    writeFileSync(join(folder, "file"), "x");
    writeFileSync(join(folder, "neighbour"), "x");
  });
  const { folder, watch } = followed;
  await watch("file");
  writeFileSync(join(folder, "neighbour"), "changed");
  writeFileSync(join(folder, "another"), "");
  appendFileSync(join(folder, "file"), "more");
  expect(await news(followed, 1)).toEqual(["modify file"]);
  renameSync(join(folder, "file"), join(folder, "moved"));
  expect(await news(followed, 1)).toEqual(["rename file moved"]);
  appendFileSync(join(folder, "moved"), "more");
  expect(await news(followed, 1)).toEqual(["modify moved"]);
  unlinkSync(join(folder, "moved"));
  expect(await news(followed, 1)).toEqual(["delete moved"]);
});

test("a watched folder without its parent says that it goes", async () => {
  const followed = await follow((folder) => mkdirSync(join(folder, "dir")));
  const { folder, watch } = followed;
  await watch("dir");
  writeFileSync(join(folder, "unheard"), "");
  rmdirSync(join(folder, "dir"));
  expect(await news(followed, 1)).toEqual(["delete dir"]);
});

test("a watched folder that is made anew is another one, also when the host gives it the same number", async () => {
  const followed = await follow((folder) => mkdirSync(join(folder, "dir")));
  const { folder, watch } = followed;
  await watch("", "dir");
  rmdirSync(join(folder, "dir"));
  mkdirSync(join(folder, "dir"));
  expect(await news(followed, 2)).toEqual(["delete dir", "create dir"]);
  await watch("", "dir");
  writeFileSync(join(folder, "dir", "file"), "");
  expect(await news(followed, 1)).toEqual(["create dir/file"]);
});

test("where watching is in the way of a rename by the guest, it is let go before, and taken up again", async () => {
  const prepare = (folder: string): void => void mkdirSync(join(folder, "dir", "sub"), { recursive: true });
  const followed = await follow(prepare, { staysWhileOpen: true });
  const { folder, root, watch } = followed;
  const before = watchCount();
  await watch("", "dir", "dir/sub");
  expect(watchCount()).toBe(before + 3);
  await root.rename("dir", root, "moved");
  expect(watchCount()).toBe(before + 1);
  await watch("", "moved", "moved/sub");
  writeFileSync(join(folder, "moved", "sub", "file"), "");
  expect(await news(followed, 1)).toEqual(["create moved/sub/file"]);
});

test("what the guest does itself is not told, and what the host does to the same files still is", async () => {
  const followed = await follow((folder) => mkdirSync(join(folder, "sub")));
  const { folder, root, watch } = followed;
  await watch("", "sub");
  const { node, file } = await root.create("own", 2, how);
  await file.write(Buffer.from("hello"), 0);
  await node.setattr({ mode: 0o600 });
  await root.mkdir("dir", { mode: 0o755, gid: 0 });
  await root.symlink("link", "own", { gid: 0 });
  await root.unlink("link", false);
  const sub = await root.walk("sub");
  await root.rename("own", sub, "moved");
  await file.write(Buffer.from("again"), 5);
  expect(await news(followed, 0)).toEqual([]);
  appendFileSync(join(folder, "sub", "moved"), "by the host");
  expect(await news(followed, 1)).toEqual(["modify sub/moved"]);
});

test("a burst is told completely, in pieces, each when the one before it has been told", async () => {
  const followed = await follow();
  const { folder, watch, batches } = followed;
  await watch("");
  const names = Array.from({ length: 5000 }, (_, at) => `f${at}`);
  for (const name of names) writeFileSync(join(folder, name), "");
  await vi.waitFor(() => expect(followed.told.length).toBeGreaterThanOrEqual(names.length), 40_000);
  expect(new Set(followed.told)).toEqual(new Set(names.map((name) => `create ${name}`)));
  expect(Math.max(...batches.map(({ length }) => length))).toBe(64);
}, 60_000);

test("nothing piles up while a guest does not take what it is told: afterwards it is told the difference", async () => {
  const followed = await follow();
  const { folder, watch, changes, batches } = followed;
  await watch("");
  followed.keepWaiting = true;
  writeFileSync(join(folder, "first"), "");
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  for (let round = 0; round < 100; round += 1) {
    writeFileSync(join(folder, "kept"), String(round));
    writeFileSync(join(folder, `passing${round}`), "");
    unlinkSync(join(folder, `passing${round}`));
  }
  await delay(100);
  expect(batches).toHaveLength(1);
  followed.keepWaiting = false;
  followed.told.length = 0;
  changes.replayed(false);
  expect(await news(followed, 2)).toEqual(["create kept", "modify kept"]);
});

test("what happened unseen while the host's queue ran over is found", async () => {
  const followed = await follow((folder) => {
    for (const name of ["busy", "quiet"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "busy", "file"), "");
  });
  const { folder, watch } = followed;
  await watch("busy", "quiet");
  // More than inotify's queue holds, while nobody reads it; what comes then is dropped.
  for (let at = 0; at < 20_000; at += 1)
    chmodSync(join(folder, "busy", "file"), at % 2 === 0 ? 0o600 : 0o640);
  writeFileSync(join(folder, "quiet", "missed"), "");
  await vi.waitFor(() => expect(followed.told).toContain("create quiet/missed"), 10_000);
});

test("a watch that the host has ended is made again, and what happened meanwhile is told", async () => {
  const ended = { hasEnded: true, close: () => {} };
  const overlay: Overlay = { watch: () => ended };
  const followed = await follow(() => {}, overlay);
  const { folder, watch } = followed;
  await watch("");
  writeFileSync(join(folder, "meanwhile"), "");
  expect(await news(followed, 0)).toEqual([]);
  delete overlay.watch;
  await watch("");
  expect(await news(followed, 1)).toEqual(["create meanwhile"]);
  writeFileSync(join(folder, "file"), "");
  expect(await news(followed, 1)).toEqual(["create file"]);
});

test("a folder that may not be had any more is not watched", async () => {
  const followed = await follow();
  const { folder, watch, changes } = followed;
  await watch("");
  followed.permitted = false;
  changes.stop();
  await watch("");
  writeFileSync(join(folder, "file"), "");
  expect(await news(followed, 0)).toEqual([]);
});

test("a link in place of a watched folder is not followed", async () => {
  const outside = await temporaryDirectory();
  const followed = await follow((folder) => mkdirSync(join(folder, "dir")));
  const { folder, watch } = followed;
  await watch("dir");
  renameSync(join(folder, "dir"), join(folder, "was"));
  symlinkSync(outside, join(folder, "dir"));
  await vi.waitFor(() => expect(followed.told.length).toBeGreaterThan(0));
  followed.told.length = 0;
  writeFileSync(join(outside, "secret"), "");
  expect(await news(followed, 0)).toEqual([]);
});

test("names that are no text are passed over", async () => {
  const followed = await follow();
  const { folder, watch } = followed;
  await watch("");
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff])]), "");
  writeFileSync(join(folder, "größe"), "");
  expect(await news(followed, 1)).toEqual(["create größe"]);
});

test("what is not watched any more is let go; watching holds no descriptors", async () => {
  const names = Array.from({ length: 50 }, (_, at) => `d${at}`);
  const followed = await follow((folder) => {
    for (const name of names) mkdirSync(join(folder, name));
  });
  const { folder, watch, changes } = followed;
  const before = watchCount();
  await watch(...names);
  await vi.waitFor(() => expect(watchCount()).toBe(before + names.length + 1));
  expect(openFiles(process.pid).filter((path) => path.startsWith(join(folder, "d")))).toEqual([]);
  changes.watch([]);
  expect(watchCount()).toBe(before);
  writeFileSync(join(folder, "d7", "file"), "");
  expect(await news(followed, 0)).toEqual([]);
});

/** Of inotify, in this process. */
function watchCount(): number {
  const descriptors = readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === "anon_inode:inotify";
    } catch {
      return false;
    }
  });
  return descriptors.flatMap(
    (fd) => readFileSync(`/proc/self/fdinfo/${fd}`, "utf8").match(/^inotify /gm) ?? [],
  ).length;
}
