import { expect, test } from "vitest";
import { listsMounts } from "../../../../src/distro/host-folders/fstab.ts";

test.each(["", "\n\n", "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n", "  # indented\n\t\n"])(
  "nothing: %j",
  (fstab) => {
    expect(listsMounts(fstab)).toBe(false);
  },
);

test.each(["tmpfs /x tmpfs defaults 0 0", "# one\n\tC: /mnt/c drvfs ro 0 0\n"])("something: %j", (fstab) => {
  expect(listsMounts(fstab)).toBe(true);
});
