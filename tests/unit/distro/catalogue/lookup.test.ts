import { expect, test } from "vitest";
import {
  architectureOf,
  findVersion,
  imageFor,
  listEntries,
} from "../../../../src/distro/catalogue/lookup.ts";
import type { Catalogue } from "../../../../src/distro/catalogue/schema.ts";

const image = { url: "https://example.org/x", sha256: "0".repeat(64) };
const version = (flavor: string, name: string, more: object = {}) => ({
  flavor,
  name,
  friendlyName: name,
  default: false,
  amd64: image,
  arm64: undefined,
  ...more,
});
const catalogue: Catalogue = {
  default: "Ubuntu",
  versions: [
    version("Debian", "Debian", { default: true, arm64: image }),
    version("Ubuntu", "Ubuntu-20.04"),
    version("Ubuntu", "Ubuntu-22.04"),
    version("Ubuntu", "Ubuntu-24.04"),
    version("Ubuntu", "Ubuntu-26.04"),
    version("Ubuntu", "Ubuntu", { default: true }),
    version("Odd", "Odd-1"),
  ],
};

test.each([
  ["ubuntu", "Ubuntu"],
  ["UBUNTU-22.04", "Ubuntu-22.04"],
  ["debian", "Debian"],
  ["odd", "Odd-1"],
])("%s stands for %s", (name, found) => {
  expect(findVersion(catalogue, name).name).toBe(found);
});

test("an unknown name is not found, with the way to the list", () => {
  expect(() => findVersion(catalogue, "gentoo")).toThrow(
    expect.objectContaining({ code: "not-found", hint: "See what there is: tswsl list --online" }),
  );
});

test("the list: default flavour first, its default version first, four of a flavour, then what is bootstrapped", () => {
  const bootstrap = [{ flavor: "debian", friendlyName: "Debian (bookworm)" }];
  const entries = listEntries(catalogue, { arch: "amd64", bootstrap });
  expect(entries.map(({ name, source }) => `${name} ${source}`)).toEqual([
    "Ubuntu download",
    "Ubuntu-20.04 download",
    "Ubuntu-22.04 download",
    "Ubuntu-24.04 download",
    "Debian download",
    "Odd-1 download",
    "debian bootstrap",
  ]);
  expect(entries.filter((entry) => entry.default).map(({ name }) => name)).toEqual(["Ubuntu"]);
});

test("only what runs here is listed and given", () => {
  expect(listEntries(catalogue, { arch: "arm64", bootstrap: [] }).map(({ name }) => name)).toEqual([
    "Debian",
  ]);
  expect(listEntries(catalogue, { arch: undefined, bootstrap: [] })).toEqual([]);
  expect(imageFor(findVersion(catalogue, "debian"), "arm64")).toBe(image);
  expect(() => imageFor(findVersion(catalogue, "ubuntu"), "arm64")).toThrow(/no image for arm64/);
});

test("Node's architectures", () => {
  expect([architectureOf("x64"), architectureOf("arm64"), architectureOf("ia32")]).toEqual([
    "amd64",
    "arm64",
    undefined,
  ]);
});
