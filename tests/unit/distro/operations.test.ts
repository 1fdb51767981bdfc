import { expect, test } from "vitest";
import { Operations } from "../../../src/distro/operations.ts";

test("a second operation on the same name is refused while the first lasts, in any case", async () => {
  const operations = new Operations();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = operations.run("Debian", "installing", () => promise);
  expect(operations.of("debian")).toBe("installing");
  await expect(operations.run("debian", "removing", async () => undefined)).rejects.toMatchObject({
    code: "invalid-state",
    message: "'debian' is being installed",
  });
  resolve();
  await first;
  expect(operations.of("debian")).toBeUndefined();
});

test("a failed operation frees the name", async () => {
  const operations = new Operations();
  await expect(operations.run("a", "installing", () => Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  expect(operations.installing).toEqual([]);
});
