import { expect, test } from "vitest";
import { protectPipe } from "../../../src/daemon/pipe-security.ts";
import { fakeHostSecurity, USER } from "../../support/fake-host-security.ts";

const pipe = String.raw`\\.\pipe\tswsl-1`;
const home = "C:\\vm";

test("a pipe is the user's, SYSTEM's and the administrators', and nobody else's", async () => {
  const security = fakeHostSecurity();
  await protectPipe(security, pipe, { home });
  expect(security.set).toEqual([[pipe, `D:P(A;;GA;;;S-1-5-18)(A;;GA;;;S-1-5-32-544)(A;;GA;;;${USER})`]]);
});

test("a service's pipe is the state directory's owner's too", async () => {
  const owner = "S-1-5-21-7-7-7-1002";
  const security = fakeHostSecurity({ token: { user: "S-1-5-18" }, file: { owner } });
  await protectPipe(security, pipe, { home, more: ["S-1-5-83-0"] });
  const [, access] = security.set[0] ?? [];
  expect(access).toBe(`D:P(A;;GA;;;S-1-5-18)(A;;GA;;;S-1-5-32-544)(A;;GA;;;${owner})(A;;GA;;;S-1-5-83-0)`);
});

test("a state directory without an owner opens the pipe to nobody more", async () => {
  const security = fakeHostSecurity({ file: { error: 5, owner: null } });
  await protectPipe(security, pipe, { home });
  expect(security.set[0]?.[1]).not.toContain("null");
});

test("a pipe that cannot be closed to others is an error", async () => {
  await expect(protectPipe(fakeHostSecurity({ setPipeAccess: 5 }), pipe, { home })).rejects.toMatchObject({
    code: "permission",
    message: String.raw`cannot close the pipe \\.\pipe\tswsl-1 to other users (Windows error 5)`,
    hint: "See what the error means: net helpmsg 5",
  });
});
