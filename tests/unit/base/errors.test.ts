import { expect, test } from "vitest";
import { asTswslError, errorFromWire, isTswslError, TswslError } from "../../../src/base/errors.ts";

test("an error survives the wire with code, message, hint and details", () => {
  const error = new TswslError("exists", "taken", {
    hint: "choose another",
    details: { name: "a" },
    cause: new Error("x"),
  });
  const wire = JSON.parse(JSON.stringify(error.toWire()));
  expect(wire).toEqual({ code: "exists", message: "taken", hint: "choose another", details: { name: "a" } });
  expect(errorFromWire(wire).toWire()).toEqual(wire);
});

test("a code that we do not know becomes internal", () => {
  expect(errorFromWire({ code: "newer", message: "m" }).code).toBe("internal");
});

test("foreign errors are wrapped once, with the original as cause", () => {
  const original = new RangeError("far");
  const wrapped = asTswslError(original);
  expect(wrapped.code).toBe("internal");
  expect(wrapped.cause).toBe(original);
  expect(asTswslError(wrapped)).toBe(wrapped);
});

test("isTswslError looks at the code when one is given", () => {
  const error = new TswslError("timeout", "late");
  expect(isTswslError(error, "timeout")).toBe(true);
  expect(isTswslError(error, "exists")).toBe(false);
  expect(isTswslError(new Error("late"))).toBe(false);
});
