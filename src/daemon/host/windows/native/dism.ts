import { TswslError } from "../../../../base/errors.ts";
import type { PlatformFeature } from "../../../../protocol/host.ts";
import { hresultError } from "../../../../vm/hcs/hresult.ts";
import { openLibrary, type Koffi, type Pointer } from "./koffi.ts";

/** An optional feature of Windows. `pending`: it works after a restart. */
export type FeatureState = "on" | "off" | "pending" | "absent";

/** DISM_ONLINE_IMAGE: the Windows that runs. */
const RUNNING_WINDOWS = "DISM_{53BFAE52-B167-4E2F-A258-0A37B57FF845}";
/** DismLogErrors, into Windows's own log: %WINDIR%\Logs\DISM\dism.log. */
const LOG_ERRORS = 0;
/** DismPackageNone: the feature is looked for in all of Windows. */
const NO_PACKAGE = 0;
/** DismFeatureInfo is packed to bytes: a pointer, then the state. */
const STATE_AT = 8;

/** DismPackageFeatureState, by number. */
const states: readonly FeatureState[] = [
  "absent",
  "pending",
  "off",
  "off",
  "on",
  "pending",
  "off",
  "pending",
];

/** ERROR_SUCCESS_REBOOT_REQUIRED, and the same as an HRESULT. */
const restartNeeded: ReadonlySet<number> = new Set([3010, 0x80070bc2]);

/** ERROR_ELEVATION_REQUIRED as an HRESULT. */
const ELEVATION_REQUIRED = 0x800702e4;

/** The Deployment Image Servicing and Management API for the running Windows. Needs an administrator's rights. */
export interface Dism {
  featureState(feature: PlatformFeature): FeatureState;
  /** Switches a feature on, with those it needs. True when it works after a restart only. */
  enable(feature: PlatformFeature): boolean;
}

/**
 * Opens a session, gives it to `work`, closes it. Each call blocks, enabling for up to minutes. Raises `permission`
 * without an administrator's rights, what {@link hresultError} says of every other failure, `unavailable` without DISM.
 */
export function withDism<T>(koffi: Koffi, work: (dism: Dism) => T): T {
  const calls = dismCalls(koffi);
  check("DismInitialize", calls.initialize(LOG_ERRORS, null, null));
  try {
    const opened: [number] = [0];
    check("DismOpenSession", calls.openSession(RUNNING_WINDOWS, null, null, opened));
    const [session] = opened;
    try {
      return work({
        featureState: (feature) => featureState(koffi, calls, session, feature),
        enable: (feature) => enable(calls, session, feature),
      });
    } finally {
      calls.closeSession(session);
    }
  } finally {
    calls.shutdown();
  }
}

type DismCalls = ReturnType<typeof dismCalls>;

function dismCalls(koffi: Koffi) {
  const library = openLibrary(koffi, "dismapi.dll");
  // Each type is that of the prototype in the string beside it.
  return {
    initialize: library.func("int32_t DismInitialize(int32_t level, void *log, void *scratch)") as (
      level: number,
      log: null,
      scratch: null,
    ) => number,
    openSession: library.func(
      "int32_t DismOpenSession(str16 image, void *windows, void *drive, _Out_ uint32_t *session)",
    ) as (image: string, windows: null, drive: null, session: [number]) => number,
    featureInfo: library.func(
      "int32_t DismGetFeatureInfo(uint32_t session, str16 feature, void *package, int32_t kind, _Out_ void **info)",
    ) as (...args: readonly [number, string, null, number, [Pointer]]) => number,
    enable: library.func(
      "int32_t DismEnableFeature(uint32_t session, str16 feature, void *package, int32_t kind, int limitAccess, void *sources, uint32_t count, int all, void *cancel, void *progress, void *context)",
    ) as (session: number, feature: string, ...rest: readonly (number | null)[]) => number,
    free: library.func("int32_t DismDelete(void *structure)") as (structure: Pointer) => number,
    closeSession: library.func("int32_t DismCloseSession(uint32_t session)") as (session: number) => number,
    shutdown: library.func("int32_t DismShutdown()") as () => number,
  };
}

function featureState(
  koffi: Koffi,
  calls: DismCalls,
  session: number,
  feature: PlatformFeature,
): FeatureState {
  const info: [Pointer] = [null];
  check("DismGetFeatureInfo", calls.featureInfo(session, feature, null, NO_PACKAGE, info));
  try {
    // koffi gives a number for this type.
    const state = koffi.decode(info[0], STATE_AT, "int32_t") as number;
    return states[state] ?? "absent";
  } finally {
    calls.free(info[0]);
  }
}

function enable(calls: DismCalls, session: number, feature: PlatformFeature): boolean {
  // Windows Update may be asked for what is not on the disk (limitAccess 0), parents are switched on too (all 1).
  const result = calls.enable(session, feature, null, NO_PACKAGE, 0, null, 0, 1, null, null, null);
  if (restartNeeded.has(result >>> 0)) return true;
  check("DismEnableFeature", result);
  return false;
}

function check(call: string, result: number): void {
  if (result >= 0) return;
  if (result >>> 0 === ELEVATION_REQUIRED) {
    throw new TswslError("permission", "only an administrator may look at and change Windows's features", {
      hint: "Do it in a prompt opened with 'Run as administrator'.",
    });
  }
  throw hresultError({ hresult: result, call });
}
