import { globSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

/** The import table of docs/architecture.md. A new folder in src/ must be declared here. */
const allowed: Record<string, readonly string[]> = {
  base: [],
  protocol: ["base"],
  "fs-9p": ["base"],
  net: ["base"],
  vm: ["base", "protocol"],
  distro: ["base", "protocol", "vm", "fs-9p", "net"],
  daemon: ["base", "protocol", "vm", "fs-9p", "net", "distro"],
  cli: ["base", "protocol"],
};

const layerOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];

function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  const source = readFileSync(file, "utf8");
  const dynamic = module.dynamicImports.map((i) =>
    source.slice(i.moduleRequest.start + 1, i.moduleRequest.end - 1),
  );
  const reExports = module.staticExports.flatMap((e) =>
    e.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
  );
  return [...module.staticImports.map((i) => i.moduleRequest.value), ...reExports, ...dynamic];
}

test("the folders of src are those of the table", () => {
  expect(readdirSync("src").toSorted()).toEqual(Object.keys(allowed).toSorted());
});

test.each(Object.entries(allowed))("src/%s imports only its declared layers", (layer, targets) => {
  const files = globSync(`src/${layer}/**/*.{ts,tsx}`);
  expect(files, `src/${layer} is empty`).not.toHaveLength(0);
  const forbidden = files.flatMap((file) =>
    importsOf(file)
      // The program's own version is the one file outside src that it reads; types of native code have no code.
      .filter((specifier) => specifier.startsWith(".") && !/\/(package\.json|native\.d\.ts)$/.test(specifier))
      .map((specifier) => normalize(join(dirname(file), specifier)))
      .filter((target) => {
        const reached = layerOf(target);
        return reached === undefined || (reached !== layer && !targets.includes(reached));
      })
      .map((target) => `${file} -> ${target}`),
  );
  expect(forbidden).toEqual([]);
});

test("only the daemon names a concrete compute service", () => {
  const files = globSync("src/**/*.{ts,tsx}").filter((file) => !/^src\/(daemon|vm\/(qemu|hcs))\//.test(file));
  const naming = files.filter((file) =>
    importsOf(file).some((specifier) => /(^|\/)(qemu|hcs)\//.test(specifier)),
  );
  expect(naming).toEqual([]);
});
