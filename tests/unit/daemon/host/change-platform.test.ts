import { expect, test } from "vitest";
import { changePlatform } from "../../../../src/daemon/host/change-platform.ts";

test.each([["TelnetClient"], ["VirtualMachinePlatform", "x"]])(
  "only our own features are switched on, not %s",
  async (...names) => {
    await expect(changePlatform(names)).rejects.toMatchObject({ code: "invalid-argument" });
  },
);

test.skipIf(process.platform === "win32")("nowhere but on Windows", async () => {
  await expect(changePlatform(["VirtualMachinePlatform"])).rejects.toMatchObject({ code: "unsupported" });
});
