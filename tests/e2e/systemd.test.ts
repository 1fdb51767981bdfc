import { beforeAll, expect, test } from "vitest";
import { shared } from "../support/debian.ts";
import { inSystemd, installSystemdDebian, USER } from "../support/systemd-debian.ts";

beforeAll(installSystemdDebian, 400_000);

const restart = (): Promise<string> => shared().ok(["terminate", "sysd"]);

test("a command waits until systemd is up; services, journal and timers work", async () => {
  const first = await inSystemd(
    "systemctl is-system-running; cat /proc/1/comm; systemctl --failed --plain --no-legend",
  );
  expect(first.text.split("\n")).toEqual(["running", "systemd"]);
  expect(first.stderr).not.toContain("warning");
  const service = await inSystemd(`cat > /run/systemd/system/hello.service <<END
[Service]
Type=oneshot
ExecStart=/bin/echo hello from a service
END
systemctl start hello && journalctl --unit hello --output cat`);
  expect(service.text.split("\n")).toContain("hello from a service");
  const timer = await inSystemd(`systemd-run --quiet --on-active=1s touch /run/timer-ran
until [ -e /run/timer-ran ]; do sleep 0.2; done; echo ran`);
  expect(timer.text).toBe("ran");
});

test("a command is in the user's login session, and the user has a systemd", async () => {
  const facts = await inSystemd(
    `cat /proc/self/cgroup; echo $XDG_RUNTIME_DIR $DBUS_SESSION_BUS_ADDRESS; systemctl --user is-system-running
loginctl show-session "$XDG_SESSION_ID" --property=Name --value
systemd-run --user --quiet --wait --pipe id -un`,
    { user: USER },
  );
  const [group, environment, ...rest] = facts.text.split("\n");
  expect(group).toMatch(/^0::\/user\.slice\/user-\d+\.slice\/session-\w+\.scope$/);
  expect(environment).toMatch(/^\/run\/user\/(\d+) unix:path=\/run\/user\/\1\/bus$/);
  expect(rest).toEqual(["running", USER, USER]);
  const root = await inSystemd(
    "systemctl --user is-system-running; systemd-run --scope --quiet cat /proc/self/cgroup",
  );
  expect(root.text).toMatch(/^running\n0::\/system\.slice\/run-\w+\.scope$/);
});

test("terminate stops units in order although a command is stubborn; the next start names a failed unit", async () => {
  await inSystemd(`cat > /etc/systemd/system/last.service <<END
[Unit]
Before=first.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
ExecStop=/bin/sh -c 'echo last >> /root/order'
END
sed 's/Before=first.service/After=last.service/; s/echo last/sleep 0.5; echo first/' \
  /etc/systemd/system/last.service > /etc/systemd/system/first.service
cat > /etc/systemd/system/broken.service <<END
[Unit]
Description=A service that fails
[Service]
Type=oneshot
ExecStart=/bin/false
[Install]
WantedBy=multi-user.target
END
systemctl enable --quiet broken; systemctl start last first`);
  const stubborn = inSystemd("trap '' TERM HUP; touch /run/ready; while :; do sleep 1; done");
  await inSystemd("until [ -e /run/ready ]; do sleep 0.1; done");
  await restart();
  expect((await stubborn).stderr).toContain("the distribution was stopped");
  const next = await inSystemd("cat /root/order; systemctl is-system-running");
  expect(next.text).toBe("first\nlast\ndegraded");
  expect(next.stderr).toContain(
    "systemd could not start broken.service (A service that fails): exit-code. See: systemctl status broken.service",
  );
});

test("a systemd that is not up in time, or dies, is warned of, and the distro can be used", async () => {
  await inSystemd(
    "systemctl disable --quiet broken; sed -i 's/initTimeout.*/initTimeout = 1000/' /etc/wsl.conf",
  );
  await restart();
  const slow = await inSystemd("echo here");
  expect(slow.text).toBe("here");
  expect(slow.stderr).toContain("systemd is still starting after 1 s");
  await inSystemd("mv /usr/sbin/init /usr/sbin/init.real; ln -s /bin/false /usr/sbin/init");
  await restart();
  try {
    const dead = await inSystemd("cat /proc/1/comm");
    expect(dead.text).toBe("init");
    expect(dead.stderr).toContain("the distribution runs without it");
  } finally {
    await inSystemd("mv /usr/sbin/init.real /usr/sbin/init");
    await restart();
  }
});
