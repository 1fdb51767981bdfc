import { appendFile, mkdir, rename, truncate, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { tswslPaths } from "../../../../src/base/files.ts";
import { followLog } from "../../../../src/cli/logs/follow-log.ts";
import { readLogEnd } from "../../../../src/cli/logs/read-log-end.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { fakeCli, type FakeCli } from "../support/fake-cli.ts";

async function withLogs(daemonLog: string, consoleLog = ""): Promise<FakeCli> {
  const paths = tswslPaths({ TSWSL_HOME: await temporaryDirectory() });
  await mkdir(paths.logs);
  await writeFile(paths.daemonLog, daemonLog);
  await writeFile(paths.consoleLog, consoleLog);
  return { ...fakeCli(), paths };
}

describe("tswsl logs", () => {
  test("prints the last lines", async () => {
    const cli = await withLogs("one\ntwo\nthree\n");
    expect(await runCli(["logs", "-n", "2"], cli)).toBe(0);
    expect(cli.out()).toBe("two\nthree\n");
  });

  test("--console: what a guest writes does not steer the terminal", async () => {
    const cli = await withLogs("", "booting\r\n\u001b[2Jdone\r\n");
    await runCli(["logs", "--console"], cli);
    expect(cli.out()).toBe("booting\n\\x1b[2Jdone\n");
  });

  test("--json is a document per line", async () => {
    const cli = await withLogs('a "b"\nc\n');
    await runCli(["logs", "--json"], cli);
    expect(cli.out()).toBe('{"line":"a \\"b\\""}\n{"line":"c"}\n');
  });

  test("-n 0 prints none, and a line that is not complete is not one yet", async () => {
    const cli = await withLogs("one\ntwo");
    await runCli(["logs", "-n", "0"], cli);
    expect(cli.out()).toBe("");
    await runCli(["logs"], cli);
    expect(cli.out()).toBe("one\n");
  });

  test("an empty log is no failure, a missing one is", async () => {
    const cli = await withLogs("");
    expect([await runCli(["logs"], cli), cli.out()]).toEqual([0, ""]);
    const missing = fakeCli();
    expect(await runCli(["logs"], missing)).toBe(3);
    expect(missing.err()).toBe(
      "tswsl: there is no log yet: /nonexistent/tswsl/logs/daemon.log\n" +
        "  → It is written when something first runs. See: tswsl status\n",
    );
  });

  test.each(["x", "-1", "1.5", ""])("-n %j is refused", async (count) => {
    const cli = fakeCli();
    expect(await runCli(["logs", `--lines=${count}`], cli)).toBe(2);
    expect(cli.err()).toBe(`tswsl: '${count}' is not a number of lines\n  → See: tswsl help logs\n`);
  });
});

describe("following", () => {
  /** Follows a log until as many lines have come as are expected. */
  async function follow(deed: (file: string) => Promise<void>, count: number): Promise<string[]> {
    const file = `${await temporaryDirectory()}/x.log`;
    await writeFile(file, "old\n");
    const lines: string[] = [];
    const enough = new AbortController();
    const onLine = (line: string): void => {
      lines.push(line);
      if (lines.length === count) enough.abort();
    };
    const following = followLog(file, await readLogEnd(file, 0), { signal: enough.signal, onLine });
    await deed(file);
    await following;
    return lines;
  }

  test("reports what is added, whole lines and whole characters", async () => {
    const euro = Buffer.from("€\n");
    const lines = await follow(async (file) => {
      await appendFile(file, "one\ntw");
      await appendFile(file, "o\n");
      await appendFile(file, euro.subarray(0, 1));
      await appendFile(file, euro.subarray(1));
    }, 3);
    expect(lines).toEqual(["one", "two", "€"]);
  });

  test("goes on with the new file after a rotation", async () => {
    const lines = await follow(async (file) => {
      await rename(file, `${file}.1`);
      await writeFile(file, "new\n");
    }, 1);
    expect(lines).toEqual(["new"]);
  });

  test("starts again when the file is cut", async () => {
    const lines = await follow(async (file) => {
      await truncate(file);
      await appendFile(file, "a\n");
    }, 1);
    expect(lines).toEqual(["a"]);
  });

  test("ends when it was cancelled before", async () => {
    const end = { lines: [], position: 0, inode: 0 };
    const options = { signal: AbortSignal.abort(), onLine: () => undefined };
    await expect(followLog("/nonexistent/x.log", end, options)).resolves.toBeUndefined();
  });
});
