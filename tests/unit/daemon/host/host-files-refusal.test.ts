import { expect, test } from "vitest";
import { hostFilesRefusal, refusalOf } from "../../../../src/daemon/host/host-files-refusal.ts";
import { fakeHostSecurity } from "../../../support/fake-host-security.ts";

test("a service does not touch the host's files with SYSTEM's rights", () => {
  expect(refusalOf(fakeHostSecurity({ token: { user: "S-1-5-18" } }))).toMatchObject({ code: "permission" });
});

test("a user's own daemon may", () => {
  expect(refusalOf(fakeHostSecurity())).toBeUndefined();
  expect(refusalOf(fakeHostSecurity({ token: { elevated: true } }))).toBeUndefined();
});

test("on Linux everything is done as the user", () => {
  expect(hostFilesRefusal()).toBeUndefined();
});
