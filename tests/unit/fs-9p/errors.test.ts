import { readdirSync } from "node:fs";
import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { errorCodes, TswslError } from "../../../src/base/errors.ts";
import { errnoName, errnoNumbers } from "../../../src/fs-9p/errors/errno.ts";
import { FileError, toFileError } from "../../../src/fs-9p/index.ts";

const codeOf = (error: unknown): string => toFileError(error).code;

test("the numbers are those of this system's headers", () => {
  const { EWOULDBLOCK: _again, ENOTSUP: _notSupported, ...named } = constants.errno;
  expect(errnoNumbers).toMatchObject(named);
});

test("a number has its name, and one that is none is EIO", () => {
  expect(errnoName(2)).toBe("ENOENT");
  expect(errnoName(95)).toBe("EOPNOTSUPP");
  expect(errnoName(41)).toBe("EIO");
  expect(errnoName(0xffff_ffff)).toBe("EIO");
});

describe("translating", () => {
  test("keeps what is one already", () => {
    const error = new FileError("EROFS");
    expect(toFileError(error)).toBe(error);
    expect(error.errno).toBe(30);
  });

  test("takes what Node says of a system call", () => {
    let thrown: unknown;
    try {
      readdirSync("/proc/self/status");
    } catch (error) {
      thrown = error;
    }
    const translated = toFileError(thrown);
    expect(translated).toMatchObject({ code: "ENOTDIR", errno: 20, cause: thrown });
  });

  test.each([
    ["ENOTSUP", "EOPNOTSUPP"],
    ["ERR_OUT_OF_RANGE", "EINVAL"],
    ["ECHARSET", "EILSEQ"],
    ["E_SOMETHING_NEW", "EIO"],
    ["constructor", "EIO"],
  ])("of the code %s gives %s", (code, errno) => {
    expect(codeOf(Object.assign(new Error(code), { code }))).toBe(errno);
  });

  test.each([
    [-4094, "EIO"],
    [32, "EBUSY"],
    [-112, "ENOSPC"],
    [1314, "EPERM"],
  ])("of libuv's UNKNOWN looks at the Win32 number %d", (errno, code) => {
    expect(codeOf(Object.assign(new Error("UNKNOWN"), { code: "UNKNOWN", errno }))).toBe(code);
  });

  test.each(errorCodes)("of our own %s gives an errno", (code) => {
    expect(Object.keys(errnoNumbers)).toContain(codeOf(new TswslError(code, "")));
  });

  test.each([[undefined], [null], ["text"], [7], [{}], [new RangeError("x")]])("of %o gives EIO", (value) => {
    expect(codeOf(value)).toBe("EIO");
  });
});
