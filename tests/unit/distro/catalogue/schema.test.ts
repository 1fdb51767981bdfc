import { describe, expect, test } from "vitest";
import { parseCatalogue } from "../../../../src/distro/catalogue/schema.ts";
import { isTswslError, TswslError } from "../../../../src/base/errors.ts";
import { seeded } from "../fuzz.ts";

const sha = "AB".repeat(32);
const image = { Url: "https://example.org/x.wsl", Sha256: `0x${sha}` };
const version = { Name: "Debian", FriendlyName: "Debian GNU/Linux", Default: true, Amd64Url: image };
const remote = { name: "test", local: false };
const parse = (value: unknown, source = remote) => parseCatalogue(JSON.stringify(value), source);

test("a version, with its hash in one spelling", () => {
  const { default: chosen, versions } = parse({
    Default: "Debian",
    ModernDistributions: { Debian: [version] },
  });
  expect(chosen).toBe("Debian");
  expect(versions).toEqual([
    {
      name: "Debian",
      friendlyName: "Debian GNU/Linux",
      flavor: "Debian",
      default: true,
      amd64: { url: "https://example.org/x.wsl", sha256: sha.toLowerCase() },
      arm64: undefined,
    },
  ]);
});

test("legacy entries and unknown fields are no fault", () => {
  const value = {
    Distributions: [{ Name: "Old" }],
    ModernDistributions: { D: [{ ...version, New: 1 }] },
    Comment: "",
  };
  expect(parse(value).versions).toHaveLength(1);
});

describe("what is malformed is refused with its place", () => {
  const withVersion = (change: object) => ({ ModernDistributions: { D: [{ ...version, ...change }] } });
  test.each([
    ["no object", [], /malformed/],
    ["no ModernDistributions", {}, /ModernDistributions/],
    [
      "a name with a slash",
      withVersion({ Name: "a/b" }),
      /ModernDistributions\.D\.0\.Name: not a valid name/,
    ],
    ["a short hash", withVersion({ Amd64Url: { ...image, Sha256: "ab" } }), /Sha256: not a SHA-256/],
    ["a script URL", withVersion({ Amd64Url: { ...image, Url: "javascript:1" } }), /not an acceptable URL/],
    [
      "a file of this machine",
      withVersion({ Amd64Url: { ...image, Url: "file:///etc/shadow" } }),
      /not an acceptable URL/,
    ],
    ["a null image", withVersion({ Arm64Url: null }), /Arm64Url/],
  ])("%s", (_, value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(TswslError);
  });

  test("no JSON, and too much of it", () => {
    expect(() => parseCatalogue("<html>", remote)).toThrow(/not JSON/);
    expect(() => parseCatalogue(" ".repeat(4 * 1024 * 1024 + 1), remote)).toThrow(/larger than/);
  });
});

test("a catalogue on this machine may name files of it", () => {
  const value = {
    ModernDistributions: { D: [{ ...version, Amd64Url: { ...image, Url: "file:///srv/x.wsl" } }] },
  };
  expect(parse(value, { name: "test", local: true }).versions[0]?.amd64?.url).toBe("file:///srv/x.wsl");
});

test("titles lose their control characters", () => {
  const value = { ModernDistributions: { D: [{ ...version, FriendlyName: "\u001b[2Jx" }] } };
  expect(parse(value).versions[0]?.friendlyName).toBe("[2Jx");
});

test("a mutated catalogue is read or refused, never anything else", () => {
  const text = JSON.stringify({ Default: "D", ModernDistributions: { D: [version], E: [version] } });
  const below = seeded(7);
  for (let round = 0; round < 2000; round++) {
    const at = below(text.length);
    const mutated =
      text.slice(0, at) + ["", "{", "]", "null", '"', "9", "__proto__"][below(7)] + text.slice(at + below(6));
    const outcome = ((): unknown => {
      try {
        return parseCatalogue(mutated, remote).versions;
      } catch (error) {
        return error;
      }
    })();
    expect(Array.isArray(outcome) || isTswslError(outcome, "protocol")).toBe(true);
  }
});
