import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import {
  Client,
  type ClientOptions,
  type FileSystem,
  fileSystemThrough,
  HostDisk,
  MemoryFileSystem,
  presented,
  serve,
} from "../../src/fs-9p/index.ts";
import { Diod, diodIsThere } from "../support/diod.ts";
import { duplexPair, unixSocketPair } from "../support/duplex-pair.ts";
import { openFiles } from "../support/leaks.ts";
import { SlowFileSystem } from "../support/slow-file-system.ts";
import { type FileSystemUnderTest, testFileSystem } from "./file-system.ts";

const isRoot = process.getuid?.() === 0;
/** What Node cannot do, or a host disk must not: see docs/files-9p.md. */
const hostDiskLacks = { xattrs: true, devices: true, setIds: true, owners: !isRoot, pastTimes: true };

testFileSystem("memory", async () => ({ fileSystem: new MemoryFileSystem(), release: async () => {} }));

testFileSystem("memory that answers later", async () => {
  const slow = new SlowFileSystem(new MemoryFileSystem());
  return { fileSystem: slow, held: () => slow.nodes + slow.files, release: async () => {} };
});

testFileSystem("a host folder", hostDisk, hostDiskLacks);

testFileSystem(
  "a host folder, presented",
  async () => {
    const inner = await hostDisk();
    return { ...inner, fileSystem: presented(inner.fileSystem, { uid: 0, gid: 0, umask: 0 }) };
  },
  { ...hostDiskLacks, owners: true },
);

testFileSystem("memory through 9P", async () => await through(new MemoryFileSystem()));

testFileSystem("memory that answers later, through 9P with small messages", async () => {
  const slow = new SlowFileSystem(new MemoryFileSystem());
  const remote = await through(slow, { msize: 4096 });
  return { ...remote, held: () => (remote.held?.() ?? 0) + Math.max(0, slow.files) };
});

testFileSystem(
  "a host folder through 9P",
  async () => {
    const { fileSystem, release } = await hostDisk();
    const remote = await through(fileSystem, {}, unixSocketPair);
    return {
      ...remote,
      release: async () => {
        await remote.release();
        await release();
      },
    };
  },
  hostDiskLacks,
);

describe.skipIf(!diodIsThere)(`an oracle${diodIsThere ? "" : " (skipped: apt install diod)"}`, () => {
  testFileSystem(
    "diod",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "tswsl-test-"));
      const diod = new Diod(folder);
      const client = await Client.connect(diod.stream, AbortSignal.timeout(10_000));
      return {
        fileSystem: fileSystemThrough(client),
        path: folder,
        held: () => client.fids.count + client.connection.pending,
        release: async () => {
          await client.close();
          await diod.close();
          await rm(folder, { recursive: true });
        },
      };
    },
    // It locks whole files, whatever the range, and a fid that is not open is a path, as it was when it was walked to.
    { locks: true, renamesOfWalkedNodes: true, attributesOfRemoved: true, openingRemoved: true },
  );
});

async function hostDisk(): Promise<FileSystemUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "tswsl-test-"));
  const disk = new HostDisk(folder);
  const held = (): number => openFiles(process.pid).filter((path) => path.startsWith(`${folder}/`)).length;
  return {
    fileSystem: disk,
    held,
    release: async () => {
      disk.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function through(
  fileSystem: FileSystem,
  options: ClientOptions = {},
  pair: typeof unixSocketPair | (() => Promise<ReturnType<typeof duplexPair>>) = async () => duplexPair(),
): Promise<FileSystemUnderTest> {
  const [near, far] = await pair();
  const session = serve(far, fileSystem);
  const client = await Client.connect(near, AbortSignal.timeout(10_000), options);
  return {
    fileSystem: fileSystemThrough(client),
    held: () => client.fids.count + session.fidCount + client.connection.pending,
    release: async () => {
      await client.close();
      await session.closed;
    },
  };
}
