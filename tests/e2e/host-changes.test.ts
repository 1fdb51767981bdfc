import { once } from "node:events";
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { untilHeard, untilWatched } from "../support/heard-events.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const there = (path: string): string => `/mnt/host${path}`;

interface Watching {
  /** What inotifywait has written, complaints too. */
  readonly lines: readonly string[];
  /** Waits until all of these lines have come, in this order, with others between them: `heard`, or what has come instead. */
  readonly until: (...expected: readonly string[]) => Promise<string>;
}

/** Runs inotifywait in the distro, until the end of the test. Answers when it watches. */
async function watching(paths: readonly string[], ...options: readonly string[]): Promise<Watching> {
  const command = ["inotifywait", "-m", ...options, "--format", "%e %w%f", ...paths];
  const child = shared().spawn(["-d", "debian", "--", ...command]);
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill();
    await exited;
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr])
    if (input) createInterface({ input }).on("line", (line) => lines.push(line));
  const until = (...expected: readonly string[]): Promise<string> => untilHeard(() => lines, ...expected);
  // A tree that changes while it goes through it makes it give up.
  const begun = await until("Watches established.");
  if (begun !== "heard") throw new Error(`inotifywait does not watch: ${begun}`);
  return { lines, until };
}

/** Answers when changes of the host in this folder are told. */
async function ready(folder: string, { lines }: Watching, probe?: string): Promise<void> {
  await untilWatched(
    () => lines,
    async (name) => {
      await writeFile(join(folder, name), "");
      await delay(200);
      await unlink(join(folder, name));
    },
    probe,
  );
}

test("inotifywait below /mnt/host sees what the host makes, writes, renames and removes", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "sub"));
  await writeFile(join(folder, "old"), "old\n");
  const watch = await watching([there(folder), there(join(folder, "sub"))]);
  await ready(folder, watch);
  await ready(join(folder, "sub"), watch, "second");
  const path = (name: string): string => there(join(folder, name));
  await writeFile(join(folder, "file"), "hello\n");
  expect(
    await watch.until(
      `CREATE ${path("file")}`,
      `MODIFY ${path("file")}`,
      `CLOSE_WRITE,CLOSE ${path("file")}`,
    ),
  ).toBe("heard");
  await appendFile(join(folder, "old"), "more\n");
  expect(await watch.until(`MODIFY ${path("old")}`)).toBe("heard");
  await chmod(join(folder, "old"), 0o600);
  expect(await watch.until(`ATTRIB ${path("old")}`)).toBe("heard");
  await rename(join(folder, "file"), join(folder, "moved"));
  expect(await watch.until(`MOVED_FROM ${path("file")}`, `MOVED_TO ${path("moved")}`)).toBe("heard");
  await rename(join(folder, "moved"), join(folder, "sub", "moved"));
  expect(await watch.until(`MOVED_FROM ${path("moved")}`, `MOVED_TO ${path("sub/moved")}`)).toBe("heard");
  await unlink(join(folder, "sub", "moved"));
  expect(await watch.until(`DELETE ${path("sub/moved")}`)).toBe("heard");
  await mkdir(join(folder, "new"));
  expect(await watch.until(`CREATE,ISDIR ${path("new")}`)).toBe("heard");
  await rmdir(join(folder, "new"));
  expect(await watch.until(`DELETE,ISDIR ${path("new")}`)).toBe("heard");
  // What the guest is told has been done to the host's files is not done to them again.
  expect((await inDebian(`cat ${path("old")}; ls ${path(".")}`)).text).toBe("old\nmore\nold\nsub");
});

test("a whole tree that is watched, below a folder of tswsl mount-host, also when it is removed", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "a", "b"), { recursive: true });
  await writeFile(join(folder, "a", "b", "deep"), "");
  await inDebian("true");
  await shared().ok(["mount-host", folder, "/srv/watched"]);
  onTestFinished(async () => {
    await shared().ok(["mount-host", "--remove", "/srv/watched"]);
  });
  const watch = await watching(["/srv/watched"], "-r");
  await ready(folder, watch);
  await writeFile(join(folder, "a", "b", "deep"), "written");
  expect(await watch.until("MODIFY /srv/watched/a/b/deep")).toBe("heard");
  await rename(join(folder, "a", "b"), join(folder, "c"));
  expect(await watch.until("MOVED_FROM,ISDIR /srv/watched/a/b", "MOVED_TO,ISDIR /srv/watched/c")).toBe(
    "heard",
  );
  await rm(join(folder, "a"), { recursive: true });
  expect(await watch.until("DELETE,ISDIR /srv/watched/a")).toBe("heard");
});

test("what the guest does itself is told once, by its kernel", async () => {
  const folder = await temporaryDirectory();
  const watch = await watching([there(folder)]);
  await ready(folder, watch);
  const own = there(join(folder, "own"));
  await inDebian(`echo hello >${own}; mv ${own} ${own}2; rm ${own}2`);
  await writeFile(join(folder, "by-host"), "");
  const last = `CREATE ${there(join(folder, "by-host"))}`;
  expect(await watch.until(`DELETE ${own}2`, last)).toBe("heard");
  for (const line of [`CREATE ${own}`, `MOVED_FROM ${own}`, `MOVED_TO ${own}2`, `DELETE ${own}2`])
    expect(watch.lines.filter((present) => present === line)).toHaveLength(1);
});

test("what one distribution's user does in a folder that another shows elsewhere is the host's change there", async () => {
  const folder = await temporaryDirectory();
  await shared().ok(["mount-host", folder, "/srv/twice"]);
  onTestFinished(async () => {
    await shared().ok(["mount-host", "--remove", "/srv/twice"]);
  });
  const watch = await watching(["/srv/twice"]);
  await ready(folder, watch);
  await inDebian(`touch ${there(join(folder, "from-elsewhere"))}`);
  expect(await watch.until("CREATE /srv/twice/from-elsewhere")).toBe("heard");
});

test("whoever takes the number under which changes are replayed can change nothing of the host", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "file"), "kept\n");
  await inDebian(`chmod 777 ${there(folder)}; chmod 666 ${there(join(folder, "file"))}`);
  const deeds =
    "echo x >file; touch new; mkdir dir; ln -s x link; rm -f file; mv file moved; truncate -s 0 file; chmod 0 file";
  const line = `cd ${there(folder)} && setpriv --reuid 4294967280 --clear-groups sh -c '${deeds}'`;
  const { stderr } = await inDebian(line);
  expect(stderr).toContain("Read-only file system");
  expect(await readdir(folder)).toEqual(["file"]);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("kept\n");
  expect((await stat(join(folder, "file"))).mode & 0o777).toBe(0o666);
});

test("a burst of 5,000 files is told completely", async () => {
  const folder = await temporaryDirectory();
  const watch = await watching([there(folder)], "-e", "create");
  await ready(folder, watch);
  for (let at = 0; at < 5000; at += 1) await writeFile(join(folder, `f${at}`), "");
  const heard = (): number => new Set(watch.lines.filter((line) => /^CREATE .*\/f\d+$/.test(line))).size;
  const deadline = Date.now() + 800_000;
  while (Date.now() < deadline && heard() < 5000) await delay(500);
  expect(heard()).toBe(5000);
}, 840_000);
