import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "../lib/run.ts";
import { type ProgramFacts, withVersionResource } from "./version-resource.ts";

/** What Node looks for in itself, see "Single executable applications" in its documentation. */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

// It declares no types.
const require = createRequire(import.meta.url);
const { inject } = require("postject") as {
  inject: (file: string, name: string, content: Buffer, options: { sentinelFuse: string }) => Promise<void>;
};

export interface SingleExecutable {
  /** node.exe of the version that runs this script. */
  readonly node: string;
  /** One CommonJS file, from bundle-main.ts. */
  readonly main: string;
  readonly facts: ProgramFacts;
  readonly target: string;
  /** For files on the way. */
  readonly scratch: string;
}

/** Makes one executable of Node and a program. It is there whole, or as it was before. */
export async function makeSingleExecutable(request: SingleExecutable, signal: AbortSignal): Promise<void> {
  const { node, main, facts, target, scratch } = request;
  const blob = join(scratch, "blob");
  const configuration = join(scratch, "sea.json");
  // Snapshots and code caches are bound to the platform that makes them, and this one is Linux. NODE_OPTIONS could load
  // any program into ours: who may set a variable of the user's would have the rights of the elevated daemon.
  const settings = {
    main,
    output: blob,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgvExtension: "none",
  };
  await writeFile(configuration, JSON.stringify(settings));
  await run(process.execPath, ["--experimental-sea-config", configuration], { signal });
  const partial = `${target}.partial`;
  try {
    await writeFile(partial, withVersionResource(await readFile(node), facts));
    await inject(partial, BLOB, await readFile(blob), { sentinelFuse: FUSE });
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}
