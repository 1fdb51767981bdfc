import { describe, expect, test } from "vitest";
import { daemonCommand, hostCommand, hostQuestion, isDaemonProgram } from "../../../src/base/program.ts";

const bundle = "/opt/tswsl/daemon.mjs";

/** What the started program sees: the runtime, then its own name, then the arguments. */
function argvOf([runtime, ...rest]: readonly string[], inOneExecutable: boolean): readonly string[] {
  // Node puts the executable's own path in the place of a script's.
  return inOneExecutable ? [runtime ?? "", runtime ?? "", ...rest] : [runtime ?? "", ...rest];
}

describe.each([true, false])("in one executable: %s", (one) => {
  test("a question to the host tool arrives as it was asked", () => {
    const argv = argvOf(hostCommand(bundle, ["enable", "VirtualMachinePlatform"], one), one);
    expect(hostQuestion(argv)).toEqual(["enable", "VirtualMachinePlatform"]);
    expect(isDaemonProgram(argv)).toBe(false);
  });

  test("the daemon is no host tool", () => {
    expect(hostQuestion(argvOf(daemonCommand(bundle, one), one))).toBeUndefined();
  });
});

test("a user's command is neither", () => {
  const argv = ["tswsl.exe", "tswsl.exe", "-d", "debian", "--", "true"];
  expect([hostQuestion(argv), isDaemonProgram(argv)]).toEqual([undefined, false]);
});
