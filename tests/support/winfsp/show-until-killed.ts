/** Shows one distro of memory, says so, and waits to be killed. `node show-until-killed.ts DIRECTORY` */
import { MemoryFileSystem } from "../../../src/fs-9p/index.ts";
import { Folders } from "../../../src/daemon/folders/folders.ts";
import { linuxAddon } from "./linux-addon.ts";

const [directory = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const memory = new MemoryFileSystem();
const folders = new Folders({
  addon: await linuxAddon(),
  directory,
  open: async () => ({
    root: memory.attach({ user: "root", uid: 0, path: "" }),
    account: { gid: 0 },
    signal,
    release: () => undefined,
  }),
  idleMs: 1000,
  log: { warn: (message: string) => process.stderr.write(`${message}\n`) } as never,
});
await folders.show(["debian"]);
process.stdout.write("shown\n");
