import { describe, expect, test } from "vitest";
import { classify } from "../../../../src/cli/arguments/classify.ts";
import { verbFor } from "../../../../src/cli/arguments/verb-names.ts";

describe("our spelling and WSL's", () => {
  test.each<[string[], string, string[]]>([
    [["install", "debian"], "install", ["debian"]],
    [["--install", "debian", "-n"], "install", ["debian", "-n"]],
    [["list", "-v"], "list", ["-v"]],
    [["-l", "-v"], "list", ["-v"]],
    [["--list", "--online"], "list", ["--online"]],
    [["-s", "debian"], "set-default", ["debian"]],
    [["--set-default", "debian"], "set-default", ["debian"]],
    [["--setdefault", "debian"], "set-default", ["debian"]],
    [["-t", "debian"], "terminate", ["debian"]],
    [["--terminate", "debian"], "terminate", ["debian"]],
    [["--shutdown", "--force"], "shutdown", ["--force"]],
    [["--unregister", "debian"], "unregister", ["debian"]],
    [["--status"], "status", []],
    [["-v"], "version", []],
    [["--version"], "version", []],
    [["--help"], "help", []],
    [["-h"], "help", []],
    [["--import", "web", "/srv", "web.tar"], "import", ["web", "/srv", "web.tar"]],
    [["set", "--memory", "2G"], "set", ["--memory", "2G"]],
    [["logs", "-f"], "logs", ["-f"]],
    [["debug", "document"], "debug", ["document"]],
    [["ls", "-l", "debian:/etc"], "ls", ["-l", "debian:/etc"]],
    [["cp", "-r", "x", "debian:"], "cp", ["-r", "x", "debian:"]],
    [["cat", ":/etc/os-release"], "cat", [":/etc/os-release"]],
    [["path", "."], "path", ["."]],
  ])("%j is %s", (args, verb, rest) => {
    expect(classify(args)).toEqual({ kind: "verb", verb, args: rest });
  });
});

test.each<[string[]]>([
  [["uname"]],
  [["-d", "debian", "list"]],
  [["--", "list"]],
  [["import", "x.png"]],
  [["ls"]],
  [["ls", "--sort=time:x", "/srv"]],
  [["cat", "./a:b"]],
  [["cp", "-r", "/etc", "/tmp"]],
  [[]],
])("%j runs in a distribution", (args) => {
  expect(classify(args).kind).toBe("run");
});

test("a name that every object has is no verb", () => {
  expect(verbFor("constructor")).toBeUndefined();
  expect(verbFor("toString")).toBeUndefined();
});
