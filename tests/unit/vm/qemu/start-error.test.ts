import { expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { startError } from "../../../../src/vm/qemu/start-error.ts";

const gone = new TswslError("disconnected", "QEMU closed its control channel");

test.each([
  ['qemu-system-x86_64: -device …: Failed to get "write" lock', "unavailable", /in use/],
  [
    "qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory",
    "unavailable",
    /memory/,
  ],
  [
    "qemu-system-x86_64: -chardev …: Failed to connect to '/run/c.sock': Connection refused",
    "not-found",
    /console/,
  ],
  ["qemu-system-x86_64: could not load kernel '/boot/x'", "unavailable", /could not load kernel/],
  ["", "unavailable", /gave no reason/],
])("'%s' becomes %s", (stderr, code, message) => {
  expect(startError(gone, stderr)).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("a caller's own cancellation stays one", () => {
  const cancelled = new TswslError("cancelled", "the operation was cancelled");
  expect(startError(cancelled, "Failed to get lock")).toBe(cancelled);
});
