import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Heard, untilHeard, untilWatched } from "../support/heard-events.ts";
import { folderOnC, inWindows } from "../support/windows/folder-on-c.ts";
import { inDebian } from "../support/windows/shared-windows.ts";

/** Runs inotifywait in the distro, until the end of the test; it writes what it hears to another folder of drive C:. */
async function watching(path: string, ...options: readonly string[]): Promise<Heard> {
  const { linux, debian } = await folderOnC();
  const inotifywait = `inotifywait -m ${options.join(" ")} --format '%e %w%f' ${path} >${debian}/heard 2>&1`;
  const line = `${inotifywait} & until [ -e ${debian}/end ]; do sleep 1; done; kill $!`;
  const watched = inDebian(line, { timeoutMs: 400_000 });
  onTestFinished(async () => {
    await writeFile(join(linux, "end"), "");
    await watched;
  });
  return async () => (await readFile(join(linux, "heard"), "utf8").catch(() => "")).split("\n");
}

/** Makes and removes files in a folder of Windows until that is heard. */
async function ready(folder: string, heard: Heard, name?: string): Promise<void> {
  const change = async (probe: string): Promise<void> => {
    await inWindows(`echo x> ${folder}\\${probe}`);
    await delay(200);
    await inWindows(`del ${folder}\\${probe}`);
  };
  await untilWatched(heard, change, name);
}

test("inotifywait below /mnt/c hears what programs of Windows make, write, rename and remove", async () => {
  const { windows, debian } = await folderOnC();
  await inWindows(`echo old> ${windows}\\old`);
  const heard = await watching(debian);
  await ready(windows, heard);
  await inWindows(`echo hello> ${windows}\\file`);
  const made = [`CREATE ${debian}/file`, `MODIFY ${debian}/file`, `CLOSE_WRITE,CLOSE ${debian}/file`];
  expect(await untilHeard(heard, ...made)).toBe("heard");
  await inWindows(`echo more>> ${windows}\\old`);
  expect(await untilHeard(heard, `MODIFY ${debian}/old`)).toBe("heard");
  await inWindows(`ren ${windows}\\file moved`);
  expect(await untilHeard(heard, `MOVED_FROM ${debian}/file`, `MOVED_TO ${debian}/moved`)).toBe("heard");
  await inWindows(`del ${windows}\\moved`);
  expect(await untilHeard(heard, `DELETE ${debian}/moved`)).toBe("heard");
  await inWindows(`mkdir ${windows}\\new`);
  expect(await untilHeard(heard, `CREATE,ISDIR ${debian}/new`)).toBe("heard");
  await inWindows(`rmdir ${windows}\\new`);
  expect(await untilHeard(heard, `DELETE,ISDIR ${debian}/new`)).toBe("heard");
  expect(await heard()).not.toContain(`DELETE ${debian}/old`);
}, 420_000);

test("a folder below which something is watched can be renamed in the distribution, and is watched on", async () => {
  const { windows, debian } = await folderOnC();
  await inWindows(`mkdir ${windows}\\dir\\sub`);
  const heard = await watching(debian, "-r");
  await ready(`${windows}\\dir\\sub`, heard);
  expect(await inDebian(`mv ${debian}/dir ${debian}/moved`)).toMatchObject({ stderr: "", status: 0 });
  const moved = [`MOVED_FROM,ISDIR ${debian}/dir`, `MOVED_TO,ISDIR ${debian}/moved`];
  expect(await untilHeard(heard, ...moved)).toBe("heard");
  await ready(`${windows}\\moved\\sub`, heard, "again");
  expect((await heard()).join("\n")).toMatch(`CREATE ${debian}/moved/sub/again`);
}, 420_000);
