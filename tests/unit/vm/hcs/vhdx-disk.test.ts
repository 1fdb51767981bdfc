import { expect, test } from "vitest";
import { vhdxDisk } from "../../../../src/vm/hcs/vhdx-disk.ts";

test("a VHDX is made with small blocks, which btrfs can give back", async () => {
  const made: unknown[] = [];
  const disk = vhdxDisk({
    createVirtualDisk: async (...request) => {
      made.push(request);
      return 0;
    },
  });
  await disk.create("C:\\store.vhdx", 2 ** 38);
  expect(made).toEqual([["C:\\store.vhdx", 2 ** 38, 2 ** 20]]);
});

test.each([
  [112, /^Free some disk space/],
  [126, /tswsl doctor/],
  [4242, /^See what the error means: net helpmsg 4242$/],
])("Windows error %d comes with what to do", async (error, hint) => {
  const disk = vhdxDisk({ createVirtualDisk: async () => error });
  await expect(disk.create("C:\\store.vhdx", 2 ** 38)).rejects.toMatchObject({
    code: "unavailable",
    message: `Windows cannot make the virtual disk C:\\store.vhdx (error ${error})`,
    hint: expect.stringMatching(hint),
    details: { win32: error },
  });
});
