import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  defaultCatalogueUrl,
  loadCatalogue,
  vendoredCatalogue,
} from "../../../../src/distro/catalogue/index.ts";
import { TswslError } from "../../../../src/base/errors.ts";
import { serve, type TestServer } from "../source/http-server.ts";

const text = JSON.stringify({ Default: "D", ModernDistributions: { D: [{ Name: "D", FriendlyName: "D" }] } });
const { signal } = new AbortController();
let server: TestServer;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-catalogue-"));
  server = await serve((request, response) => {
    if (request.url === "/good") response.end(text);
    else if (request.url === "/page") response.end("<html>please log in</html>");
    else if (request.url === "/huge") response.end(Buffer.alloc(5 * 1024 * 1024, 0x20));
    else response.writeHead(404).end();
  });
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** The public catalogue's address, answered by our server. */
const rerouted =
  (path: string): typeof fetch =>
  (_, init) =>
    fetch(`${server.url}${path}`, init);

test("from the web, a file, a file URL", async () => {
  const path = join(directory, "catalogue.json");
  await writeFile(path, text);
  for (const source of [`${server.url}/good`, path, pathToFileURL(path).href]) {
    const loaded = await loadCatalogue({ source, fetch, signal });
    expect(loaded).toMatchObject({ offline: false, reason: undefined, catalogue: { default: "D" } });
  }
});

describe("the public catalogue out of reach", () => {
  test.each([
    [
      "refused",
      () => Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })),
      /ECONNREFUSED/,
    ],
    ["a 404", rerouted("/gone"), /404/],
    ["a log-in page", rerouted("/page"), /not JSON/],
    ["an endless one", rerouted("/huge"), /larger than/],
  ] as [string, typeof fetch, RegExp][])(
    "%s: the copy, marked offline, with the reason",
    async (_, reach, reason) => {
      const loaded = await loadCatalogue({ source: defaultCatalogueUrl, fetch: reach, signal });
      expect(loaded.offline).toBe(true);
      expect(loaded.reason).toMatch(reason);
      expect(loaded.catalogue.versions.length).toBeGreaterThan(5);
    },
  );

  test("but a cancelled call is cancelled", async () => {
    const aborted = AbortSignal.abort(new TswslError("cancelled", "stop"));
    const call = loadCatalogue({ source: defaultCatalogueUrl, fetch: rerouted("/good"), signal: aborted });
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
  });
});

test("another catalogue that fails is an error", async () => {
  const failing = (source: string) => loadCatalogue({ source, fetch, signal });
  await expect(failing(`${server.url}/gone`)).rejects.toMatchObject({ code: "not-found" });
  await expect(failing(`${server.url}/page`)).rejects.toMatchObject({ code: "protocol" });
  await expect(failing(join(directory, "none.json"))).rejects.toMatchObject({ code: "not-found" });
  await expect(failing(directory)).rejects.toMatchObject({ code: "invalid-argument" });
});

test("every image of the vendored copy is pinned, and every flavour has one default", () => {
  const { default: chosen, versions } = vendoredCatalogue();
  expect(chosen).toBe("Ubuntu");
  expect(versions.every(({ amd64 }) => amd64?.url.startsWith("https://"))).toBe(true);
  const flavors = Map.groupBy(versions, ({ flavor }) => flavor);
  const defaults = [...flavors.values()].map((group) => group.filter((version) => version.default).length);
  expect(defaults).toEqual(defaults.map(() => 1));
});
