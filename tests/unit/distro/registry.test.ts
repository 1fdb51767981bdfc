import { join } from "node:path";
import { expect, test } from "vitest";
import { Registry, type DistroRecord } from "../../../src/distro/registry.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const record = (name: string, index: number): DistroRecord => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  name,
  flavor: "debian",
  osVersion: "12",
  installedAt: "2026-01-01T00:00:00.000Z",
  keepAlive: false,
  address: null,
});

async function withTwo(): Promise<{ path: string; registry: Registry }> {
  const path = join(await temporaryDirectory(), "distros.json");
  const registry = await Registry.open(path);
  await registry.add(record("one", 1));
  await registry.add(record("two", 2));
  return { path, registry };
}

test("the first installed is the default, and stays it after a restart", async () => {
  const { path } = await withTwo();
  const again = await Registry.open(path);
  expect(again.all.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(again.default?.name).toBe("one");
});

test("when the default goes, the first that remains takes its place", async () => {
  const { registry } = await withTwo();
  await registry.setDefault(record("two", 2).id);
  expect(registry.default?.name).toBe("two");
  await registry.remove(record("two", 2).id);
  expect(registry.default?.name).toBe("one");
});

test("a distro under removal is not the default", async () => {
  const { registry } = await withTwo();
  await registry.update(record("one", 1).id, () => ({ removing: true }));
  expect(registry.default?.name).toBe("two");
});

test("names are found in any case and cannot be taken twice", async () => {
  const { registry } = await withTwo();
  expect(registry.resolve("ONE").name).toBe("one");
  await expect(registry.add(record("One", 3))).rejects.toMatchObject({ code: "exists" });
});

test("an unknown name says which there are; with none installed, how to install one", async () => {
  const { registry } = await withTwo();
  expect(() => registry.resolve("three")).toThrow(
    expect.objectContaining({
      message: "there is no distribution named 'three'",
      hint: "Installed: one, two",
    }),
  );
  const empty = await Registry.open(join(await temporaryDirectory(), "distros.json"));
  expect(() => empty.resolve(undefined)).toThrow(
    expect.objectContaining({ code: "not-found", hint: expect.stringContaining("tswsl install debian") }),
  );
});

test("concurrent changes all happen", async () => {
  const { path, registry } = await withTwo();
  const id = record("one", 1).id;
  const seen = await Promise.all(
    Array.from({ length: 20 }, () =>
      registry.update(id, ({ osVersion }) => ({ osVersion: `${Number(osVersion) + 1}` })),
    ),
  );
  expect(new Set(seen).size).toBeGreaterThan(0);
  expect((await Registry.open(path)).resolve("one").osVersion).toBe("32");
});
