import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listenOnPipe } from "../../../src/daemon/listen-on-pipe.ts";
import { fakeHostSecurity } from "../../support/fake-host-security.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

// Unix sockets stand in for pipes.
async function name(): Promise<string> {
  return join(await temporaryDirectory(), "pipe");
}

test("where another process listens, nobody else does", async () => {
  const pipe = await name();
  const server = await listenOnPipe({ pipe, home: "" }, fakeHostSecurity(), () => undefined);
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  await expect(listenOnPipe({ pipe, home: "" }, fakeHostSecurity(), () => undefined)).rejects.toMatchObject({
    code: "exists",
    message: `another process listens on ${pipe}`,
  });
});

test("what cannot be closed to others is not listened on", async () => {
  const pipe = await name();
  const open = fakeHostSecurity({ setPipeAccess: 5 });
  await expect(listenOnPipe({ pipe, home: "" }, open, () => undefined)).rejects.toMatchObject({
    code: "permission",
  });
  const [error] = await once(connect(pipe), "error");
  expect(error).toMatchObject({ code: "ENOENT" });
});
