import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemdInitCommand } from "../../../../src/distro/systemd/init-command.ts";
import { runtimeUnits } from "../../../../src/distro/systemd/runtime-units.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

test("the shell writes the units as they are, then becomes the init", async () => {
  const directory = await temporaryDirectory();
  const [shell = "", option = "", script = ""] = systemdInitCommand();
  const elsewhere = script.replaceAll("/run/systemd/system", directory).replace("/sbin/init", "echo booted");
  expect(execFileSync(shell, [option, elsewhere], { encoding: "utf8" })).toBe("booted\n");
  for (const { path, content } of runtimeUnits) {
    expect(readFileSync(join(directory, path), "utf8")).toBe(content);
  }
});

test("it goes on to the init although nothing can be written", async () => {
  const [shell = "", option = "", script = ""] = systemdInitCommand();
  const nowhere = script
    .replaceAll("/run/systemd/system", "/dev/null/units")
    .replace("/sbin/init", "echo booted");
  expect(
    execFileSync(shell, [option, nowhere], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  ).toBe("booted\n");
});
