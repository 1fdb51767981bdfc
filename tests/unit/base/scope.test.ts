import { expect, test } from "vitest";
import { Scope } from "../../../src/base/scope.ts";

test("releases run last first, each once", async () => {
  const order: number[] = [];
  const scope = new Scope();
  for (const n of [1, 2, 3]) scope.defer(() => void order.push(n));
  await scope.close();
  await scope.close();
  expect(order).toEqual([3, 2, 1]);
});

test("one failing release does not keep the others from running", async () => {
  let released = false;
  const scope = new Scope();
  scope.defer(() => {
    released = true;
  });
  scope.defer(() => Promise.reject(new Error("stuck")));
  await expect(scope.close()).rejects.toThrow("stuck");
  expect(released).toBe(true);
});

test("a kept scope releases nothing", async () => {
  let released = false;
  const scope = new Scope();
  scope.defer(() => {
    released = true;
  });
  scope.keep();
  await scope.close();
  expect(released).toBe(false);
});

test("await using closes it", async () => {
  let released = false;
  {
    await using scope = new Scope();
    scope.defer(() => {
      released = true;
    });
  }
  expect(released).toBe(true);
});
