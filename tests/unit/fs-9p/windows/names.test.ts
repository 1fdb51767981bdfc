import { describe, expect, test } from "vitest";
import { linuxName, newWindowsName, windowsName } from "../../../../src/fs-9p/host-disk/windows/names.ts";
import { bytesFromUnits, unitsFromBytes } from "../../../../src/fs-9p/host-disk/windows/utf8.ts";
import { nameFromText } from "../../../../src/fs-9p/names.ts";
import { seededRandom } from "../../../support/random.ts";

describe("a name of Linux's on Windows", () => {
  test.each([
    ["plain", "plain"],
    ["a:b", "a\uf03ab"],
    ['"*:<>?\\|', "\uf022\uf02a\uf03a\uf03c\uf03e\uf03f\uf05c\uf07c"],
    ["\u0001\u001f", "\uf001\uf01f"],
    [nameFromText("grüße 🐧"), "grüße 🐧"],
    ["..\\outside", "..\uf05coutside"],
    ["file:stream:$DATA", "file\uf03astream\uf03a$DATA"],
  ])("%j is %j, and back", (linux, windows) => {
    expect(windowsName(linux)).toBe(windows);
    expect(linuxName(windows)).toBe(linux);
  });

  // Only what stands for a forbidden character is one (drvfs's rule).
  test.each(["\uf025", "\uf02f", "\uf100", "\uefff", "\ufb00", "\uf000"])("%j stays as it is", (unit) => {
    expect(linuxName(unit)).toBe(Buffer.from(unit).toString("latin1"));
    expect(windowsName(linuxName(unit))).toBe(unit);
  });

  test("has at most 255 units, and is UTF-8", () => {
    expect(windowsName("n".repeat(255))).toHaveLength(255);
    expect(() => windowsName("n".repeat(256))).toThrow("ENAMETOOLONG");
    for (const bytes of ["\xff", "\xc3", "a\x80", "\xc0\xaf", "\xf4\x90\x80\x80"])
      expect(() => windowsName(bytes)).toThrow("EILSEQ");
  });

  test.each([
    "CON",
    "con",
    "nul.txt",
    "NUL .a.b",
    "COM1",
    "com0.x",
    "LPT9",
    "aux",
    "prn",
    "CONOUT$",
    "COM\u00c2\u00b2",
    "a.",
    "a ",
    ". .",
  ])("%j is not made", (name) => {
    expect(() => newWindowsName(name)).toThrow("EINVAL");
    expect(() => windowsName(name)).not.toThrow();
  });

  test.each(["CONSOLE", "com", "COM10", "nully", "lpt", "a.nul", ".a", "a.b", "comx", "NUL_"])(
    "%j is made",
    (name) => {
      expect(newWindowsName(name)).toBe(name);
    },
  );
});

describe("WTF-8", () => {
  test("has halves of pairs that stand alone, and no others", () => {
    expect(bytesFromUnits("a\ud800b")).toBe("a\xed\xa0\x80b");
    expect(unitsFromBytes("a\xed\xa0\x80b")).toBe("a\ud800b");
    // Both halves, each by itself, instead of the four bytes of the pair.
    expect(unitsFromBytes("\xed\xa0\xbd\xed\xb0\xa7")).toBeUndefined();
    expect(unitsFromBytes("\xef\xbb\xbfa")).toBe("\ufeffa");
  });

  test("takes every name of Windows there and back, and from bytes only what comes back the same", () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const random = seededRandom(seed);
      const units = String.fromCharCode(
        ...Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
          random() < 0.4 ? 0xd800 + Math.floor(random() * 0x800) : Math.floor(random() * 0x10000),
        ),
      );
      expect(unitsFromBytes(bytesFromUnits(units))).toBe(units);
      const bytes = Buffer.from(Array.from({ length: 6 }, () => Math.floor(random() * 256))).toString(
        "latin1",
      );
      const read = unitsFromBytes(bytes);
      expect(read === undefined ? bytes : bytesFromUnits(read)).toBe(bytes);
    }
  });
});
