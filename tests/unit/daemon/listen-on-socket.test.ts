import { chmod, mkdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listenOnSocket } from "../../../src/daemon/listen-on-socket.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A second daemon looks whether the first answers, and hangs up at once. */
const ignoreProbe = (): void => undefined;

async function listen(path: string): Promise<void> {
  const server = await listenOnSocket(path, (socket) => socket.on("error", ignoreProbe).end("hello"));
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
}

test("the socket's directory is closed to others and a client is served", async () => {
  const path = join(await temporaryDirectory(), "run", "d.sock");
  await listen(path);
  expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
  const client = connect(path);
  const [data] = await once(client, "data");
  expect(String(data)).toBe("hello");
  client.destroy();
});

test("a second daemon is refused while the first answers", async () => {
  const path = join(await temporaryDirectory(), "run", "d.sock");
  await listen(path);
  await expect(listenOnSocket(path, () => undefined)).rejects.toMatchObject({ code: "exists" });
});

test("a directory that others can enter is refused", async () => {
  const directory = join(await temporaryDirectory(), "run");
  await mkdir(directory);
  await chmod(directory, 0o755);
  await expect(listenOnSocket(join(directory, "d.sock"), () => undefined)).rejects.toMatchObject({
    code: "permission",
    hint: expect.stringContaining("chmod 700"),
  });
});
