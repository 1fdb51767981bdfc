/**
 * Bundles the CLI and the daemon into dist/: what is developed, tested end to end and shipped is this bundle.
 * `node scripts/build.ts [--watch]`
 */
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, context, type BuildOptions, type Plugin } from "esbuild";
import { fileServerBundle } from "./lib/bundle-file-server.ts";
import { lazyBuiltins } from "./lib/lazy-builtins.ts";

const common = {
  bundle: true,
  platform: "node",
  target: "node22",
  jsx: "automatic",
  sourcemap: true,
  legalComments: "linked",
  loader: { ".json": "json" },
  logLevel: "warning",
} satisfies BuildOptions;

/** The progress screen is a bundle of its own, which the CLI loads when there is something to wait for. */
const screenApart: Plugin = {
  name: "screen-apart",
  setup: (bundle) => {
    bundle.onResolve({ filter: /\/ink-progress\.tsx$/ }, () => ({
      path: "./ink-progress.mjs",
      external: true,
    }));
  },
};

/**
 * One CommonJS file: every command pays for loading it, and the same code as some twenty ECMAScript modules took Node
 * 30 ms longer.
 */
const cli: BuildOptions = {
  ...common,
  entryPoints: { cli: "src/cli/main.ts" },
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  minifyWhitespace: true,
  minifySyntax: true,
  define: { "import.meta.dirname": "__dirname" },
  plugins: [screenApart, lazyBuiltins],
};

/** These run long enough not to mind; Ink has top-level await, which CommonJS has not. */
const modules: BuildOptions = {
  ...common,
  entryPoints: {
    daemon: "src/daemon/main.ts",
    "ink-progress": "src/cli/ui/ink-progress.tsx",
  },
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  format: "esm",
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
};

/** Files only: dist/guest, dist/windows and winfsp.node have makers of their own. */
async function removeBundles(): Promise<void> {
  for (const entry of await readdir("dist", { withFileTypes: true }).catch(() => [])) {
    if (entry.isFile() && !entry.name.endsWith(".node")) await rm(join("dist", entry.name));
  }
}

const bundles = [cli, modules, fileServerBundle("dist/file-server.cjs")];
await removeBundles();
await mkdir("dist", { recursive: true });
if (process.argv.includes("--watch")) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  await Promise.all(bundles.map((bundle) => build(bundle)));
}
await cp("package.json", "dist/package.json");
