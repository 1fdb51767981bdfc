import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Heard, untilHeard, untilWatched } from "../support/heard-events.ts";
import { folderOnC, inWindows } from "../support/windows/folder-on-c.ts";
import { inDebian } from "../support/windows/shared-windows.ts";

/** Runs inotifywait in the distro, until the end of the test; it writes what it hears to another folder of drive C:. */
async function watching(path: string): Promise<Heard> {
  const { linux, debian } = await folderOnC();
  const inotifywait = `inotifywait -m --format '%e %w%f' ${path} >${debian}/heard 2>&1`;
  const line = `${inotifywait} & until [ -e ${debian}/end ]; do sleep 1; done; kill $!`;
  const watched = inDebian(line, { timeoutMs: 400_000 });
  onTestFinished(async () => {
    await writeFile(join(linux, "end"), "");
    await watched;
  });
  return async () => (await readFile(join(linux, "heard"), "utf8").catch(() => "")).split("\n");
}

test("inotifywait below /mnt/c hears what programs of Windows make, write, rename and remove", async () => {
  const { windows, debian } = await folderOnC();
  await inWindows(`echo old> ${windows}\\old`);
  const heard = await watching(debian);
  await untilWatched(heard, async (name) => {
    await inWindows(`echo x> ${windows}\\${name}`);
    await delay(200);
    await inWindows(`del ${windows}\\${name}`);
  });
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
