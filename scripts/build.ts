/**
 * Bundles the CLI and the daemon into dist/: what is developed, tested end to end and shipped is this bundle.
 * `node scripts/build.ts [--watch]`
 */
import { cp, mkdir, rm } from "node:fs/promises";
import { build, context, type BuildOptions } from "esbuild";

const options: BuildOptions = {
  entryPoints: { cli: "src/cli/main.ts", daemon: "src/daemon/main.ts" },
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  jsx: "automatic",
  sourcemap: true,
  legalComments: "linked",
  loader: { ".json": "json" },
  // Ink reads this to load its development tools, which are not dependencies.
  define: { "process.env.DEV": '"false"' },
  external: ["react-devtools-core"],
  // CommonJS dependencies (winston, write-file-atomic) expect what CommonJS gives them.
  banner: {
    js: [
      'import { createRequire as __createRequire } from "node:module";',
      "const require = __createRequire(import.meta.url), __filename = import.meta.filename;",
    ].join("\n"),
  },
  logLevel: "warning",
};

// dist/guest is not ours: build-guest.ts fills it.
await rm("dist/chunks", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
if (process.argv.includes("--watch")) {
  const watching = await context(options);
  await watching.watch();
} else {
  await build(options);
}
await cp("package.json", "dist/package.json");
