import { expect, test } from "vitest";
import { accessFor } from "../../../../src/base/windows/host-security.ts";

test("an access list is closed to who is not on it, and names nobody twice", () => {
  expect(accessFor(["S-1-5-18", "S-1-5-21-1", "S-1-5-18"])).toBe("D:P(A;;GA;;;S-1-5-18)(A;;GA;;;S-1-5-21-1)");
});
