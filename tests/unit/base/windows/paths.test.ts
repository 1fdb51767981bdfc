import { expect, test } from "vitest";
import { tswslPaths } from "../../../../src/base/files.ts";

const local = String.raw`C:\Users\me\AppData\Local`;

test("a Windows user's files are below %LOCALAPPDATA%", () => {
  const paths = tswslPaths({ LOCALAPPDATA: local }, "win32");
  expect(paths).toMatchObject({
    home: String.raw`C:\Users\me\AppData\Local\tswsl`,
    storeVhdx: String.raw`C:\Users\me\AppData\Local\tswsl\store.vhdx`,
    daemonLog: String.raw`C:\Users\me\AppData\Local\tswsl\logs\daemon.log`,
    cache: String.raw`C:\Users\me\AppData\Local\tswsl\cache`,
  });
});

test("TSWSL_HOME and TSWSL_CACHE move them", () => {
  const paths = tswslPaths({ LOCALAPPDATA: local, TSWSL_HOME: "D:/vm", TSWSL_CACHE: "E:\\c" }, "win32");
  expect(paths).toMatchObject({ home: "D:\\vm", registryFile: "D:\\vm\\distros.json", cache: "E:\\c" });
});

test("each state directory has pipes of its own, whatever its spelling", () => {
  const pipeOf = (home: string): string => tswslPaths({ TSWSL_HOME: home }, "win32").daemonSocket;
  expect(pipeOf("D:\\vm")).toMatch(/^\\\\\.\\pipe\\tswsl-[0-9a-f]{16}$/);
  expect(pipeOf("d:/VM/")).toBe(pipeOf("D:\\vm"));
  expect(pipeOf("D:\\other")).not.toBe(pipeOf("D:\\vm"));
});

test("a service that serves a user's directory has that user's pipes", () => {
  const user = tswslPaths({ LOCALAPPDATA: local }, "win32");
  const service = tswslPaths({ LOCALAPPDATA: "C:\\elsewhere", TSWSL_HOME: user.home }, "win32");
  expect(service.daemonSocket).toBe(user.daemonSocket);
  expect(service.daemonLock).toBe(user.daemonLock);
});
