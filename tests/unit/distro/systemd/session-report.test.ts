import { expect, test } from "vitest";
import { parseSession } from "../../../../src/distro/systemd/session-report.ts";
import { randomTexts } from "../fuzz.ts";

test("the holder's cgroup, and of its environment what belongs to the session", () => {
  const output = `0::/user.slice/user-1000.slice/session-c1.scope
PATH=/usr/bin
XDG_RUNTIME_DIR=/run/user/1000
DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus
LD_PRELOAD=/tmp/x.so
XDG_SESSION_ID=c1
`;
  expect(parseSession(output)).toEqual({
    cgroup: "/user.slice/user-1000.slice/session-c1.scope",
    env: {
      XDG_RUNTIME_DIR: "/run/user/1000",
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1000/bus",
      XDG_SESSION_ID: "c1",
    },
  });
});

test("without a session there is what the user's systemd gives", () => {
  expect(parseSession("XDG_RUNTIME_DIR=/run/user/0\n")).toEqual({
    cgroup: null,
    env: { XDG_RUNTIME_DIR: "/run/user/0" },
  });
});

test.each(["0::/../other", "0::/a/..", "0::a", `0::/${"a".repeat(2000)}`, "1:name=systemd:/a"])(
  "%.20s is no cgroup of the distro",
  (line) => {
    expect(parseSession(line).cgroup).toBeNull();
  },
);

test("no output makes it throw or brings other variables", () => {
  const pieces = ["0::/", "a", "/..", "XDG_RUNTIME_DIR", "=", "\n", "__proto__=", "PATH=x"];
  for (const text of randomTexts(pieces, 1000)) {
    const { env, cgroup } = parseSession(text);
    expect(Object.keys(env).every((name) => /^(XDG|DBUS)_/.test(name))).toBe(true);
    expect(cgroup ?? "/").toMatch(/^\//);
  }
});
