import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../../src/cli/arguments/duration.ts";
import { formatMebibytes, parseMebibytes } from "../../../../src/cli/arguments/size.ts";
import { nearest } from "../../../../src/cli/arguments/suggest.ts";

describe("durations", () => {
  test.each<[string, number, string]>([
    ["15s", 15, "15s"],
    ["5m", 300, "5m"],
    ["90", 90, "90s"],
    ["2h", 7200, "2h"],
    ["1d", 86_400, "1d"],
    ["0", 0, "0s"],
    ["never", -1, "never"],
  ])("%s is %d s and reads %s", (text, seconds, canonical) => {
    expect(parseDuration(text)).toBe(seconds);
    expect(formatDuration(seconds)).toBe(canonical);
    expect(parseDuration(canonical)).toBe(seconds);
  });

  test.each(["", "5 m", "-1", "1.5h", "5y", "m", "99999999s", "constructor"])("%j is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(`'${text}' is not a duration`);
  });
});

describe("amounts of memory", () => {
  test.each<[string, number, string]>([
    ["512M", 512, "512M"],
    ["2G", 2048, "2G"],
    ["2GB", 2048, "2G"],
    ["2g", 2048, "2G"],
    ["1T", 1_048_576, "1024G"],
    ["auto", 0, "auto"],
  ])("%s is %d MiB and reads %s", (text, mebibytes, canonical) => {
    expect(parseMebibytes(text, "auto")).toBe(mebibytes);
    expect(formatMebibytes(mebibytes, "auto")).toBe(canonical);
    expect(parseMebibytes(canonical, "auto")).toBe(mebibytes);
  });

  test.each(["", "0G", "2", "1.5G", "-1G", "2K", "lots"])("%j is refused", (text) => {
    expect(() => parseMebibytes(text, "auto")).toThrow(`'${text}' is not an amount of memory`);
  });
});

describe("did you mean", () => {
  test.each<[string, string | undefined]>([
    ["instal", "install"],
    ["isntall", "install"],
    ["lst", "list"],
    ["terminat", "terminate"],
    ["git", undefined],
    ["ls", undefined],
    ["", undefined],
  ])("%s → %s", (typed, expected) => {
    expect(nearest(typed, ["install", "list", "terminate", "status"])).toBe(expected);
  });
});
