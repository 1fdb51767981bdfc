import { describe, expect, test } from "vitest";
import { parseRun } from "../../../../src/cli/arguments/parse-run.ts";
import { asTswslError } from "../../../../src/base/errors.ts";

const HOME = "/home/tester";
const caller = { home: HOME };

describe("what runs", () => {
  test.each<[string, string[], object]>([
    ["nothing: a login shell in the default distribution", [], { shell: "login", argv: [] }],
    ["~ is the home directory", ["~"], { cwd: "~", shell: "login", argv: [] }],
    ["a ~ that the caller's shell expanded", [HOME], { cwd: "~", shell: "login", argv: [] }],
    ["~ and options", ["~", "-d", "debian"], { cwd: "~", distro: "debian", argv: [] }],
    ["-d", ["-d", "debian"], { distro: "debian", shell: "login", argv: [] }],
    ["--distribution=", ["--distribution=debian"], { distro: "debian" }],
    ["-u", ["-u", "alice", "id"], { user: "alice", shell: "standard", argv: ["id"] }],
    ["--cd, an absolute path", ["--cd", "/etc", "ls"], { cwd: "/etc", argv: ["ls"] }],
    ["--cd, below the home directory", ["--cd", "~/src", "ls"], { cwd: "~/src", argv: ["ls"] }],
    [
      "one word is a shell line as it stands",
      ["-d", "debian", "echo $HOME | wc"],
      { argv: ["echo $HOME | wc"] },
    ],
    ["one word after --", ["--", "echo $HOME"], { argv: ["echo $HOME"] }],
    ["several words are kept apart", ["uname", "-a"], { shell: "standard", argv: ["uname -a"] }],
    [
      "several words survive the shell",
      ["--", "sh", "-c", "apt-get update && apt-get install -y git && git --version"],
      { argv: ["sh -c 'apt-get update && apt-get install -y git && git --version'"] },
    ],
    ["options after the command are the command's", ["ls", "-d", "x", "--"], { argv: ["ls -d x --"] }],
    ["only the first -- is ours", ["--", "git", "log", "--", "x"], { argv: ["git log -- x"] }],
    [
      "-e takes the words as they are",
      ["-e", "echo", "$HOME", ""],
      { shell: "none", argv: ["echo", "$HOME", ""] },
    ],
    ["-e --", ["-e", "--", "ls"], { shell: "none", argv: ["ls"] }],
    [
      "-e ends the options",
      ["-e", "ls", "-u", "x"],
      { shell: "none", argv: ["ls", "-u", "x"], user: undefined },
    ],
    ["--exec after -d", ["-d", "a", "--exec", "ls"], { distro: "a", shell: "none", argv: ["ls"] }],
    ["--shell-type none", ["--shell-type", "none", "ls", "a b"], { shell: "none", argv: ["ls", "a b"] }],
    ["--shell-type login", ["--shell-type", "login", "env"], { shell: "login", argv: ["env"] }],
    [
      "--shell-type standard without a command",
      ["--shell-type", "standard"],
      { shell: "standard", argv: [] },
    ],
    ["a verb's name after -- is a command", ["--", "install", "-d", "/x"], { argv: ["install -d /x"] }],
    ["a lone - is a command", ["-"], { argv: ["-"] }],
    ["-- alone", ["--"], { shell: "login", argv: [] }],
  ])("%s", (_, args, expected) => {
    expect(parseRun(args, caller)).toMatchObject(expected);
  });

  test("without options everything has its default", () => {
    expect(parseRun(["ls"], caller)).toEqual({
      distro: undefined,
      user: undefined,
      cwd: "~",
      shell: "standard",
      argv: ["ls"],
      bareWord: "ls",
    });
  });

  test("only a first word typed without options may have been meant as a verb", () => {
    expect(parseRun(["instal", "debian"]).bareWord).toBe("instal");
    expect(parseRun(["-d", "debian", "instal"]).bareWord).toBeUndefined();
    expect(parseRun(["--", "instal"]).bareWord).toBeUndefined();
  });
});

describe("what is refused", () => {
  test.each<[string[], string, string]>([
    [["-d"], "option '-d' needs a value (NAME)", "See: tswsl --help"],
    [["--user", ""], "option '--user' needs a value (USER)", "See: tswsl --help"],
    [["-d", "a", "-d", "b"], "option '-d' was given twice", "See: tswsl --help"],
    [["-d", "a", "--distribution", "b"], "option '--distribution' was given twice", "See: tswsl --help"],
    [
      ["--distributio", "a"],
      "unknown option '--distributio'",
      "Did you mean '--distribution'? See: tswsl --help",
    ],
    [["--instal"], "unknown option '--instal'", "Did you mean '--install'? See: tswsl --help"],
    [["--zzz"], "unknown option '--zzz'", "See: tswsl --help"],
    [["-d", "a", "-x"], "unknown option '-x'", "See: tswsl --help"],
    [
      ["--cd", "src"],
      "'src' is not a directory of the distribution",
      "Use an absolute path such as /etc, or '~'.",
    ],
    [["--shell-type", "zsh"], "'zsh' is not a shell type", "Use --shell-type standard, login or none."],
    [["-e"], "there is no command to execute", "For example: tswsl -e uname -a"],
    [["--shell-type", "none"], "there is no command to execute", "For example: tswsl -e uname -a"],
  ])("%j", (args, message, hint) => {
    expect(failureOf(() => parseRun(args, caller))).toEqual({ code: "invalid-argument", message, hint });
  });
});

function failureOf(deed: () => unknown): object {
  try {
    deed();
  } catch (error) {
    return asTswslError(error).toWire();
  }
  throw new Error("it was accepted");
}
