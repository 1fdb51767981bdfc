import { expect, test } from "vitest";
import { parseBootReport } from "../../../../src/distro/systemd/boot-report.ts";
import { randomTexts } from "../fuzz.ts";

test("a systemd that is up has a state and nothing failed", () => {
  expect(parseBootReport("running\n")).toEqual({ state: "running", failed: [] });
  expect(parseBootReport("")).toEqual({ state: "", failed: [] });
});

test("each failed unit is named with systemd's reason", () => {
  const output = `degraded

Id=a.service
Description=The first = one
Result=exit-code

Result=timeout
Id=b.mount
Description=/mnt/b
`;
  expect(parseBootReport(output)).toEqual({
    state: "degraded",
    failed: [
      { unit: "a.service", result: "exit-code", description: "The first = one" },
      { unit: "b.mount", result: "timeout", description: "/mnt/b" },
    ],
  });
});

test("a distro with hundreds of failed units does not fill the screen", () => {
  const blocks = Array.from({ length: 500 }, (_, n) => `Id=u${n}.service`);
  expect(parseBootReport(["degraded", ...blocks].join("\n\n")).failed).toHaveLength(16);
});

test("no output makes it throw", () => {
  for (const text of randomTexts(["degraded", "\n", "\n\n", "Id=", "Result=", "=", "x"], 1000)) {
    expect(parseBootReport(text).failed.every(({ unit }) => unit !== "")).toBe(true);
  }
});
