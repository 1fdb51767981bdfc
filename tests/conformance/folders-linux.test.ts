import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Folders } from "../../src/daemon/folders/folders.ts";
import type { SharedFiles } from "../../src/daemon/folders/lazy-files.ts";
import { type FileSystem, HostDisk, MemoryFileSystem } from "../../src/fs-9p/index.ts";
import { mountsBelow } from "../support/leaks.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { linuxAddon } from "../support/winfsp/linux-addon.ts";

// Ordinary programs in folders that this kernel's FUSE shows, with file systems of fs-9p behind them.
const execute = promisify(execFile);
const addon = await linuxAddon();
const missing = existsSync("/dev/fuse") ? addon.whatIsMissing() : "this machine has no /dev/fuse";

/** Runs a shell script in the folder and returns what it printed; any command that fails fails it. */
async function sh(folder: string, script: string): Promise<string> {
  const { stdout } = await execute("sh", ["-e", "-u", "-c", script], {
    cwd: folder,
    // Git would ask the machine's and the user's own settings.
    env: { PATH: process.env["PATH"], LC_ALL: "C", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

interface Shown {
  readonly directory: string;
  readonly folder: string;
  readonly folders: Folders;
  /** How often the files were opened, and given back. */
  readonly count: { opened: number; released: number };
  /** As when the distro stops. */
  readonly stop: () => void;
}

async function show(files: FileSystem, idleMs = 60_000): Promise<Shown> {
  const directory = join(await temporaryDirectory(), "tswsl");
  const count = { opened: 0, released: 0 };
  let gone = new AbortController();
  const folders = new Folders({
    addon,
    directory,
    open: async (): Promise<SharedFiles> => {
      count.opened += 1;
      gone = new AbortController();
      const root = await files.attach({ user: "root", uid: process.getuid?.() ?? 0, path: "" });
      const release = (): void => void (count.released += 1);
      return { root, account: { gid: 0 }, signal: gone.signal, release };
    },
    idleMs,
    // The logger's one method that it uses.
    log: { warn: (_message: string, { error }: { error: Error }) => expect.fail(error.message) } as never,
  });
  onTestFinished(() => folders.close());
  await folders.show(["debian"]);
  return { directory, folder: join(directory, "debian"), folders, count, stop: () => gone.abort() };
}

const fileSystems = {
  memory: async (): Promise<FileSystem> =>
    new MemoryFileSystem({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }),
  "host disk": async (): Promise<FileSystem> => new HostDisk(await temporaryDirectory()),
} satisfies Record<string, () => Promise<FileSystem>>;

describe.skipIf(missing !== null)(`programs in a folder (${missing ?? "with FUSE"})`, () => {
  describe.each(Object.entries(fileSystems))("of %s", (_name, make) => {
    test("cp, mv, rm, ln, chmod, touch, ls and stat", async () => {
      const { folder } = await show(await make());
      const script = `
        mkdir -p a/b && echo one > a/one && cp a/one a/b/two && mv a/one a/b/three
        ln -s b/two a/link && ln a/b/two a/b/hard && chmod 640 a/b/two
        truncate -s 10 a/b/three && touch -d @1700000000.5 a/b/three
        cat a/link && readlink a/link && stat -c '%h %a %s' a/b/two && stat -c '%s %.1Y' a/b/three
        ls -a a/b && rm -r a && ls`;
      const expected = "one\nb/two\n2 640 4\n10 1700000000.5";
      const output = await sh(folder, script);
      expect(output.slice(0, expected.length)).toBe(expected);
      expect(output.split("\n").slice(-5)).toEqual([".", "..", "hard", "three", "two"]);
    });

    test("a file of 20 MB, through dd and back, and its middle rewritten", async () => {
      const { folder } = await show(await make());
      const script = `
        head -c 20000000 /dev/urandom > /tmp/$$.in && dd if=/tmp/$$.in of=big bs=1M status=none conv=fsync
        cmp big /tmp/$$.in
        printf middle | dd of=big bs=1 seek=10000000 conv=notrunc status=none
        printf middle | dd of=/tmp/$$.in bs=1 seek=10000000 conv=notrunc status=none
        cmp big /tmp/$$.in && echo end >> big && stat -c %s big && rm /tmp/$$.in`;
      expect(await sh(folder, script)).toBe("20000004");
    });

    test("git and tar", async () => {
      const { folder } = await show(await make());
      const script = `
        git init -q repo && cd repo && mkdir src && for i in 1 2 3; do echo $i > src/$i; done
        git add . && git -c user.name=t -c user.email=t@t commit -qm first
        echo changed > src/2 && git status --porcelain && git fsck --no-progress && cd ..
        tar cf all.tar repo && mkdir out && tar xf all.tar -C out && diff -r repo out/repo && git -C out/repo log --format=%s`;
      expect(await sh(folder, script)).toBe("M src/2\nfirst");
    });

    test("a directory of 10,000 entries, listed whole and removed", async () => {
      const { folder } = await show(await make());
      const script = `
        mkdir many && cd many && seq -f 'file-%05.0f' 1 10000 | xargs touch
        ls | sort -c && ls | wc -l && ls -l | grep -c '^-' && cd .. && rm -r many && ls`;
      expect(await sh(folder, script)).toBe("10000\n10000");
    });

    test("a file that is removed while it is open goes on", async () => {
      const { folder } = await show(await make());
      expect(await sh(folder, "exec 3<>f; echo kept >&3; rm f; stat -L -c %s /dev/fd/3; ls")).toBe("5");
    });
  });

  test("what has no name there, and what exists already, is refused as on any disk", async () => {
    const { folder } = await show(new MemoryFileSystem());
    const script = `
      cat absent 2>&1 || true; mkdir d; mkdir d 2>&1 || true; rmdir absent 2>&1 || true
      touch d/f; rmdir d 2>&1 || true; touch new; mv -n new d/f; ls; ln -s loop loop; cat loop 2>&1 || true`;
    expect((await sh(folder, script)).split("\n")).toEqual([
      "cat: absent: No such file or directory",
      "mkdir: cannot create directory 'd': File exists",
      "rmdir: failed to remove 'absent': No such file or directory",
      "rmdir: failed to remove 'd': Directory not empty",
      "d",
      "new",
      "cat: loop: Too many levels of symbolic links",
    ]);
  });

  test("looking at a folder from outside opens nothing; looking into it does, once", async () => {
    const { directory, folder, count } = await show(new MemoryFileSystem());
    await execute("ls", ["-l", directory]);
    await execute("stat", [folder]);
    expect(count.opened).toBe(0);
    await Promise.all([1, 2, 3].map(() => execute("ls", [folder])));
    expect(count).toEqual({ opened: 1, released: 0 });
  });

  test("files that nobody uses are given back, and opened again by who wants them", async () => {
    const { folder, count } = await show(new MemoryFileSystem(), 100);
    await sh(folder, "mkdir -p a/b; echo kept > a/b/f");
    await vi.waitFor(() => expect(count.released).toBe(1), { timeout: 5000 });
    expect(await sh(folder, "cat a/b/f")).toBe("kept");
    expect(count.opened).toBe(2);
  });

  test("a distro that stopped is a distro that starts again", async () => {
    const { folder, count, stop } = await show(new MemoryFileSystem());
    await sh(folder, "mkdir -p a/b; echo kept > a/b/f");
    stop();
    expect(count.released).toBe(1);
    expect(await sh(folder, "cat a/b/f; ls a/b")).toBe("kept\nf");
    expect(count.opened).toBe(2);
  });

  test("a distro that cannot be started is an error, not a hang", async () => {
    const directory = join(await temporaryDirectory(), "tswsl");
    const open = (): Promise<never> => Promise.reject(new Error("no machine"));
    const log = { warn: () => undefined } as never;
    const folders = new Folders({ addon, directory, open, idleMs: 1000, log });
    onTestFinished(() => folders.close());
    await folders.show(["debian"]);
    await expect(execute("ls", [join(directory, "debian")])).rejects.toThrow("Input/output error");
  });

  test("the folders follow the distros, and nothing is left of them", async () => {
    const { directory, folders } = await show(new MemoryFileSystem());
    await folders.show(["debian", "alpine"]);
    expect(await readdir(directory)).toEqual(["alpine", "debian"]);
    await folders.show(["alpine"]);
    expect(await readdir(directory)).toEqual(["alpine"]);
    expect(mountsBelow(directory)).toEqual([join(directory, "alpine")]);
    await folders.close();
    expect(existsSync(directory)).toBe(false);
    expect(mountsBelow(directory)).toEqual([]);
  });

  test("a user's own files in the directory stay", async () => {
    const { directory, folders } = await show(new MemoryFileSystem());
    await mkdir(join(directory, "own"));
    await writeFile(join(directory, "own/file"), "");
    await folders.close();
    expect(await readdir(directory)).toEqual(["own"]);
  });

  test("a daemon that is killed leaves no mount behind", async () => {
    const directory = join(await temporaryDirectory(), "tswsl");
    const program = join(import.meta.dirname, "../support/winfsp/show-until-killed.ts");
    const child = spawn(process.execPath, [program, directory], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toBe("shown\n");
    await sh(join(directory, "debian"), "echo x > f; cat f");
    child.kill("SIGKILL");
    await once(child, "exit");
    await vi.waitFor(() => expect(existsSync(directory)).toBe(false), { timeout: 5000 });
    expect(mountsBelow(directory)).toEqual([]);
  });
});
