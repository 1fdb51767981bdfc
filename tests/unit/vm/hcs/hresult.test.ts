import { describe, expect, test } from "vitest";
import {
  formatHresult,
  hasHresult,
  hresultError,
  hresultMeanings,
  normaliseHresult,
} from "../../../../src/vm/hcs/hresult.ts";

const failure = (hresult: number) => hresultError({ hresult, call: "HcsStartComputeSystem" });

describe("an HRESULT", () => {
  test.each([
    ["unsigned", 0x80370102],
    ["signed, as native code gives it", -2143878910],
    ["as its NTSTATUS twin", 0xc0370102],
    ["as its signed NTSTATUS twin", 0xc0370102 | 0],
  ])("%s is the same", (_, hresult) => {
    expect(normaliseHresult(hresult)).toBe(0x80370102);
    expect(formatHresult(hresult)).toBe("0x80370102");
    expect(failure(hresult).message).toContain("the Windows hypervisor does not run");
  });

  test("of another facility has no twin", () => {
    expect(formatHresult(0xc03a001a)).toBe("0xC03A001A");
  });
});

describe("an error names the call, the number, what it means and what to do", () => {
  // Every row of the fact sheet's table of failures: code, a part of the meaning, a part of the remedy.
  test.each([
    [0x80370102, "unavailable", "hypervisor does not run", "bcdedit /set hypervisorlaunchtype auto"],
    [0x80370102, "unavailable", "hypervisor does not run", "VT-x, AMD-V or SVM"],
    [0x80370102, "unavailable", "hypervisor does not run", "-ExposeVirtualizationExtensions $true"],
    [0x80370114, "unavailable", "(vmcompute) is missing", "tswsl install --no-distribution"],
    [0x8007019e, "unavailable", "optional component", "tswsl install --no-distribution"],
    [0x8037011b, "permission", "may not use", "S-1-5-32-578"],
    [0x80070005, "permission", "access was denied", "icacls"],
    [0x8037011e, "disconnected", "(vmcompute) stopped", "next command starts it again"],
    [0x80070422, "unavailable", "is disabled", "sc config NAME start= demand"],
    [0x800705aa, "unavailable", "not enough memory", "tswsl set --memory"],
    [0x8007000e, "unavailable", "not enough memory", "tswsl set --memory"],
    [0x8037010d, "invalid-argument", "refuses the document", "tswsl debug document"],
    [0x8037010f, "exists", "exists", "hcsdiag kill"],
    [0x803b002a, "unavailable", "Internet Connection Sharing", "sc config SharedAccess start= demand"],
    [0x803b0010, "exists", "network with this id", "hnsdiag list networks"],
    [0x803b0013, "exists", "left over", "tswsl shutdown"],
    [0x80041002, "unavailable", "bad state", "netcfg -d"],
    [0x80070020, "unavailable", "in use", "hcsdiag list"],
    [0xc03a001a, "unsupported", "compressed, encrypted or sparse", "compact /u"],
    [0x80370109, "timeout", "did not answer in time", "tswsl logs --console"],
    [0x800f0922, "unavailable", "undid the change", "network driver"],
  ])("%i is %s: %s; %s", (hresult, code, meaning, remedy) => {
    const error = failure(hresult);
    expect(error.code).toBe(code);
    expect(error.message).toContain(meaning);
    expect(error.message).toContain(`(HcsStartComputeSystem: ${formatHresult(hresult)} `);
    expect(error.hint).toContain(remedy);
    expect(error.details).toEqual({ hresult: formatHresult(hresult), call: "HcsStartComputeSystem" });
  });

  test("also for one that nobody has described", () => {
    const error = failure(0x80371234);
    expect(error.code).toBe("unavailable");
    expect(error.message).toContain("0x80371234");
    expect(error.hint).toBe("See what it means: certutil -error 0x80371234");
    expect(failure(0x800704c7).hint).toBe("See what it means: net helpmsg 1223");
  });

  test("with what Windows adds", () => {
    const document = JSON.stringify({
      Error: -2143878899,
      ErrorMessage: "The virtual machine or container JSON document is invalid.\r\n",
      ErrorEvents: [{ Message: "Invalid JSON document '$': 'Colour'", EventId: 1, Flags: 0 }],
    });
    const error = hresultError({ hresult: 0x8037010d, call: "HcsCreateComputeSystem", document });
    expect(error.message).toBe(
      "the Host Compute Service refuses the document (HcsCreateComputeSystem: 0x8037010D HCS_E_INVALID_JSON). " +
        "Windows says: The virtual machine or container JSON document is invalid; Invalid JSON document '$': 'Colour'",
    );
  });
});

test("whoever tolerates a failure recognises it", () => {
  expect(hasHresult(failure(0xc0370110), 0x80370110)).toBe(true);
  expect(hasHresult(failure(0x80370106), 0x80370110)).toBe(false);
  expect(hasHresult(new Error("0x80370110"), 0x80370110)).toBe(false);
});

test("every text in the tables is one line, and every number is unsigned", () => {
  for (const [key, { name, meaning, remedy = "x" }] of Object.entries(hresultMeanings)) {
    expect([name, normaliseHresult(Number(key))]).toEqual([name, Number(key)]);
    expect(`${meaning}${remedy}`).not.toMatch(/[\r\n]| {2}/);
    expect(meaning).toMatch(/^[a-zA-Z].*[^.]$/);
    expect(name).toMatch(/^[A-Z][A-Z_0-9]+$/);
  }
});
