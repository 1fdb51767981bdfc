import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { SpaceWatch } from "../../../src/distro/space-watch.ts";

const MIB = 1024 ** 2;

/** A disk with so much free space, in MiB. */
function watch(free: { mebibytes: number }): SpaceWatch {
  const space = new SpaceWatch({
    path: "/x/store.img",
    freeBytes: async () => free.mebibytes * MIB,
  });
  onTestFinished(() => space.stop());
  return space;
}

test("what certainly does not fit is refused before it begins", async () => {
  const space = watch({ mebibytes: 1000 });
  await space.require(500 * MIB);
  await expect(space.require(900 * MIB)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("1000 MiB are free, 1156 MiB are needed"),
    hint: "Free some space there: df -h /x/store.img",
  });
});

test("a disk that fills ends what is written, before it is full", async () => {
  const free = { mebibytes: 1000 };
  const space = watch(free);
  expect(space.signal.aborted).toBe(false);
  free.mebibytes = 100;
  await once(space.signal, "abort");
  expect(space.signal.reason).toMatchObject({ code: "unavailable" });
});
