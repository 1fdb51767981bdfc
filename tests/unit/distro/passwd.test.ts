import { expect, test } from "vitest";
import { findUser } from "../../../src/distro/passwd.ts";

const passwd = [
  "root:x:0:0:root:/root:/bin/bash",
  "broken",
  "huge:x:99999999999:0::/:/bin/sh",
  "alice:x:1000:100:Alice,,,:/home/alice:/bin/bash",
  "",
].join("\n");

test("by name and by number", () => {
  expect(findUser(passwd, "alice")).toEqual({ uid: 1000, gid: 100 });
  expect(findUser(passwd, "1000")).toEqual({ uid: 1000, gid: 100 });
  expect(findUser(passwd, "root")).toEqual({ uid: 0, gid: 0 });
});

test.each(["bob", "broken", "huge", ""])("nobody: '%s'", (user) => {
  expect(findUser(passwd, user)).toBeUndefined();
});
