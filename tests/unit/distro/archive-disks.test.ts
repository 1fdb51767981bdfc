import { expect, test } from "vitest";
import { ArchiveDisks } from "../../../src/distro/archive-disks.ts";
import type { ModifySettingRequest } from "../../../src/vm/hcs-types.ts";

/** A machine that keeps what it is asked for, and refuses one kind of request when told to. */
class FakeSystem {
  readonly requests: string[] = [];
  refused: ModifySettingRequest["RequestType"] | undefined;

  async modify({ ResourcePath, RequestType }: ModifySettingRequest): Promise<void> {
    this.requests.push(`${RequestType} ${ResourcePath.split("/").at(-1)}`);
    if (RequestType === this.refused) throw new Error("refused");
  }
}

const { signal } = new AbortController();
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("each archive has a place of its own, behind the system image and the store, used again when it is free", async () => {
  const system = new FakeSystem();
  const disks = new ArchiveDisks(system);
  const [first, second] = [await disks.attach("/a.tar", signal), await disks.attach("/b.tar", signal)];
  expect([first?.lun, second?.lun]).toEqual([2, 3]);
  first?.detach();
  await settled();
  expect((await disks.attach("/c.tar", signal))?.lun).toBe(2);
  expect(system.requests).toEqual(["Add 2", "Add 3", "Remove 2", "Add 2"]);
});

test("a place whose disk could not be attached is free; one whose disk could not be removed is not", async () => {
  const system = new FakeSystem();
  const disks = new ArchiveDisks(system);
  system.refused = "Add";
  await expect(disks.attach("/a.tar", signal)).rejects.toThrow("refused");
  system.refused = "Remove";
  const kept = await disks.attach("/b.tar", signal);
  expect(kept?.lun).toBe(2);
  kept?.detach();
  await settled();
  expect((await disks.attach("/c.tar", signal))?.lun).toBe(3);
});

test("without a place there is no disk", async () => {
  const disks = new ArchiveDisks(new FakeSystem());
  for (let lun = 2; lun <= 63; lun++) expect((await disks.attach("/a.tar", signal))?.lun).toBe(lun);
  expect(await disks.attach("/a.tar", signal)).toBeUndefined();
});
