import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { TswslError } from "../../../../../src/base/errors.ts";
import {
  type MmdebstrapRun,
  runMmdebstrap,
} from "../../../../../src/distro/source/bootstrap/run-mmdebstrap.ts";
import { rejection } from "../../../../support/rejection.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

/** A shell script in the place of mmdebstrap. */
const script = (text: string, change: Partial<MmdebstrapRun> = {}): MmdebstrapRun => ({
  command: ["/bin/sh", "-c", text],
  stdin: "sources\n",
  env: process.env,
  sink: async (stdout: Readable) => void (await buffer(stdout)),
  onLine: () => undefined,
  signal: new AbortController().signal,
  ...change,
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("it gets the sources, its output reaches the sink, its messages come line by line", async () => {
  const lines: string[] = [];
  let output = "";
  await runMmdebstrap(
    script("cat; echo 'I: one' >&2; printf 'I: two\\n' >&2", {
      sink: async (stdout) => void (output = await text(stdout)),
      onLine: (line) => lines.push(line),
    }),
  );
  expect(output).toBe("sources\n");
  expect(lines).toEqual(["I: one", "I: two"]);
});

test("its failure is told in its own words", async () => {
  const error = await rejection(runMmdebstrap(script("echo 'E: no such suite' >&2; exit 25")));
  expect(error).toMatchObject({ code: "unavailable", message: "mmdebstrap failed: no such suite" });
});

test("a program that is not there", async () => {
  const error = await rejection(runMmdebstrap(script("", { command: ["/nonexistent/mmdebstrap"] })));
  expect(error).toMatchObject({ code: "unavailable", hint: "sudo apt-get install mmdebstrap" });
});

test("cancelling ends the whole group, after it has cleaned up", async () => {
  const directory = await temporaryDirectory();
  const controller = new AbortController();
  let pid = 0;
  const running = runMmdebstrap(
    script(
      // The child tells its own id, so that it is a process of its own when the signal comes.
      `trap 'echo cleaned > ${directory}/done; exit 1' TERM; sh -c 'echo "I: $$" >&2; exec sleep 60' & wait`,
      {
        signal: controller.signal,
        onLine: (line) => {
          pid = Number(line.slice(3));
          controller.abort();
        },
      },
    ),
  );
  expect(await rejection(running)).toMatchObject({ code: "cancelled" });
  expect(await readFile(join(directory, "done"), "utf8")).toBe("cleaned\n");
  expect(pid).toBeGreaterThan(0);
  // Its files are closed by now, its entry in the process table goes a moment later.
  await expect.poll(async () => isAlive(pid) && !(await isZombie(pid))).toBe(false);
});

test("a sink that fails stops it, and its error is the one that counts", async () => {
  const full = new TswslError("unavailable", "disk full");
  const failing = runMmdebstrap(script("yes", { sink: () => Promise.reject(full) }));
  expect(await rejection(failing)).toBe(full);
});

test("an aborted signal starts nothing", async () => {
  const signal = AbortSignal.abort();
  const error = await rejection(
    runMmdebstrap(script("echo x", { signal, sink: () => Promise.reject(new Error("started")) })),
  );
  expect(error).toMatchObject({ code: "cancelled" });
});

/** Where nobody reaps orphans, a killed process stays in the table. */
async function isZombie(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z")).includes(") Z");
}
