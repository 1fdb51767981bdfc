import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * Node runs the main of a single executable as CommonJS, and in it `require` knows Node's own modules alone. Ours and
 * Ink's are ECMAScript modules with top-level await. So the bundle is made as a module without a single import, all of
 * it in one file, and stands in an async function.
 */
const BEFORE = `"use strict";
const __meta = { url: require("node:url").pathToFileURL(__filename).href, filename: __filename, dirname: __dirname };
(async () => {`;
const AFTER = `})();`;

const KEPT_APART = "builtin";
const ABSENT = "absent";

/** Node's own modules by `require`; and nothing for Ink's development tools, which `process.env.DEV` below leaves out. */
const withoutImports: Plugin = {
  name: "without-imports",
  setup(bundle) {
    const names = new Set(builtinModules);
    bundle.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: ABSENT }));
    bundle.onLoad({ filter: /.*/, namespace: ABSENT }, () => ({ contents: "module.exports = undefined;" }));
    bundle.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (kind === "require-call" || !(path.startsWith("node:") || names.has(path))) return undefined;
      return { path, namespace: KEPT_APART };
    });
    bundle.onLoad({ filter: /.*/, namespace: KEPT_APART }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** Bundles CLI and daemon into one CommonJS file for a single executable. */
export async function bundleMain(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "executable-main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    jsx: "automatic",
    minifySyntax: true,
    keepNames: true,
    loader: { ".json": "json" },
    define: {
      "import.meta": "__meta",
      "process.env.DEV": '"false"',
      "process.env.NODE_ENV": '"production"',
    },
    plugins: [withoutImports],
    banner: { js: BEFORE },
    footer: { js: AFTER },
    legalComments: "inline",
    logLevel: "warning",
  });
}
