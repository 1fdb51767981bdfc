import { describe, expect, test } from "vitest";
import { parseAptTargets, type AptTarget } from "../../../../../src/distro/source/bootstrap/apt-targets.ts";
import { bootstrapFlavor, pickHostSources } from "../../../../../src/distro/source/bootstrap/host-sources.ts";

const target = (change: Partial<AptTarget> = {}): AptTarget => ({
  origin: "Debian",
  codename: "bookworm",
  uri: "http://deb.example.org/debian/",
  release: "bookworm",
  component: "main",
  file: "/var/lib/apt/lists/bookworm",
  ...change,
});
const debian = [
  target(),
  target({ component: "contrib", file: "/var/lib/apt/lists/contrib" }),
  target({ codename: "bookworm-updates", release: "bookworm-updates", file: "/var/lib/apt/lists/updates" }),
  target({
    codename: "bookworm-security",
    release: "bookworm-security",
    uri: "http://deb.example.org/security/",
    file: "/s",
  }),
  target({ origin: "Docker", uri: "https://docker.example.org/", component: "stable" }),
];

test("the official entries, grouped as in sources.list, and no third party's", () => {
  expect(pickHostSources(debian, "debian")).toEqual({
    suite: "bookworm",
    entries: [
      "http://deb.example.org/debian/ bookworm main contrib",
      "http://deb.example.org/debian/ bookworm-updates main",
      "http://deb.example.org/security/ bookworm-security main",
    ],
    lists: ["/s", "/var/lib/apt/lists/bookworm", "/var/lib/apt/lists/contrib", "/var/lib/apt/lists/updates"],
    warnings: [],
  });
});

test("another release from the same mirrors; a rolling one without updates", () => {
  expect(pickHostSources(debian, "debian", "trixie").entries).toEqual([
    "http://deb.example.org/debian/ trixie main contrib",
    "http://deb.example.org/debian/ trixie-updates main",
    "http://deb.example.org/security/ trixie-security main",
  ]);
  expect(pickHostSources(debian, "debian", "sid").entries).toEqual([
    "http://deb.example.org/debian/ sid main contrib",
  ]);
});

test("a host that says stable", () => {
  const rows = [
    target({ release: "stable" }),
    target({ codename: "bookworm-updates", release: "stable-updates" }),
  ];
  expect(pickHostSources(rows, "debian").entries.map((entry) => entry.split(" ")[1])).toEqual([
    "stable",
    "stable-updates",
  ]);
  expect(pickHostSources(rows, "debian").suite).toBe("bookworm");
  expect(pickHostSources(rows, "debian", "trixie").entries.map((entry) => entry.split(" ")[1])).toEqual([
    "trixie",
    "trixie-updates",
  ]);
});

test("sources that only this host has are told, and left out when they are files", () => {
  const rows = [target({ uri: "http://localhost:3142/debian/" }), target({ uri: "file:/srv/mirror/" })];
  const { entries, warnings } = pickHostSources(rows, "debian");
  expect(entries).toEqual(["http://localhost:3142/debian/ bookworm main"]);
  expect(warnings).toEqual([
    "the package source file:/srv/mirror/ exists on this host alone and was left out",
    "the package source http://localhost:3142/debian/ is on this host: apt in the distribution cannot reach it",
  ]);
});

describe("refused", () => {
  test.each([
    ["another family's host", () => pickHostSources(debian, "ubuntu"), "unsupported"],
    ["no apt at all", () => pickHostSources([], "debian"), "unsupported"],
    ["files alone", () => pickHostSources([target({ uri: "file:/srv/" })], "debian"), "unsupported"],
    ["an option for a release", () => pickHostSources(debian, "debian", "--hook-dir=x"), "invalid-argument"],
    ["a list for a release", () => pickHostSources(debian, "debian", "sid main\ndeb x"), "invalid-argument"],
    ["Fedora", () => bootstrapFlavor("fedora"), "unsupported"],
  ])("%s", (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });
});

test("what apt answers: fields it does not know and broken lines are no targets", () => {
  const answer = "Debian|bookworm|http://x/|bookworm|main|/l\n$(ORIGIN)|a\n\nA||c|d|e|f\nD|b|u|r|c|f|more\n";
  expect(parseAptTargets(answer).map(({ origin }) => origin)).toEqual(["Debian"]);
});
