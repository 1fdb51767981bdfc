import type { Plugin } from "esbuild";

const NAMESPACE = "lazy-builtin";

/**
 * For CommonJS bundles: each of Node's own modules is loaded when something of it is first used, not when the module that
 * imports it is. `node:crypto` and `node:child_process`, which few commands need, are a fifth of starting the CLI.
 */
export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace === NAMESPACE ? { path, external: true } : { path, namespace: NAMESPACE },
    );
    bundle.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
      contents: stub(path, Object.keys((await import(path)) as object)),
    }));
  },
};

/** esbuild refers to an import by a property each time it is used, and copies getters as getters. */
function stub(path: string, names: readonly string[]): string {
  const getters = names
    .filter((name) => name !== "default")
    .map((name) => `get ${name}() { return load().${name}; }`);
  return `
    let loaded;
    const load = () => (loaded ??= require(${JSON.stringify(path)}));
    module.exports = { ${getters.join(", ")} };`;
}
