import { join } from "node:path";
import type { BuildOptions } from "esbuild";

/**
 * The program of the daemon's thread that serves the host's folders: a file of its own beside the daemon's, the same on
 * every host. CommonJS, since beside a single executable there is no package.json that says otherwise.
 */
export function fileServerBundle(outfile: string): BuildOptions {
  return {
    entryPoints: [join(import.meta.dirname, "../../src/daemon/file-server/worker.ts")],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    sourcemap: true,
    define: { "import.meta.dirname": "__dirname" },
    legalComments: "linked",
    logLevel: "warning",
  };
}
