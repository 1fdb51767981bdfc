import { isTswslError, type ErrorCode } from "../../../src/base/errors.ts";

/** What the services answer with, by the names of Microsoft's headers. */
export const Hresult = {
  ok: 0,
  fail: 0x80004005,
  invalidHandle: 0x80070006,
  accessDenied: 0x80070005,
  fileNotFound: 0x80070002,
  sharingViolation: 0x80070020,
  invalidArgument: 0x80070057,
  /** ERROR_FILE_CORRUPT and ERROR_VIRTDISK_PROVIDER_NOT_FOUND. */
  fileCorrupt: 0x80070570,
  noProviderForDisk: 0xc03a0014,
  noSystemResources: 0x800705aa,
  invalidState: 0x80370105,
  invalidJson: 0x8037010d,
  systemNotFound: 0x8037010e,
  systemAlreadyExists: 0x8037010f,
  systemAlreadyStopped: 0x80370110,
  operationNotStarted: 0x80370115,
  operationAlreadyStarted: 0x80370116,
  operationPending: 0x80370117,
  operationTimeout: 0x80370118,
  networkNotFound: 0x803b0001,
  endpointNotFound: 0x803b0002,
  networkAlreadyExists: 0x803b0010,
  endpointAlreadyExists: 0x803b0013,
  endpointAlreadyAttached: 0x803b0014,
  hcnInvalidJson: 0x803b001b,
} as const;

/** A call that fails: its HRESULT, and what its ResultError says. */
export class HresultFailure extends Error {
  readonly hresult: number;
  /** What a call returns beside the HRESULT: HCN's error record. HCS's comes through the operation. */
  readonly document: string | undefined;

  constructor(hresult: number, message: string, document?: string) {
    super(message);
    this.hresult = hresult;
    this.document = document;
  }
}

const byCode: Partial<Record<ErrorCode, number>> = {
  "not-found": Hresult.fileNotFound,
  permission: Hresult.accessDenied,
  exists: Hresult.systemAlreadyExists,
  "invalid-argument": Hresult.invalidArgument,
  "invalid-state": Hresult.invalidState,
};

/** How HCS would have said what src/vm/qemu says. */
export function toFailure(error: unknown): HresultFailure {
  if (error instanceof HresultFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/in use by another virtual machine/.test(message))
    return new HresultFailure(Hresult.sharingViolation, message);
  if (/not enough memory/.test(message)) return new HresultFailure(Hresult.noSystemResources, message);
  const code = isTswslError(error) ? byCode[error.code] : undefined;
  return new HresultFailure(code ?? Hresult.fail, message);
}

/** HCS's ResultError document. */
export function resultError({ hresult, message }: HresultFailure): string {
  return JSON.stringify({ Error: hresult | 0, ErrorMessage: message });
}

/** HCN's error record. */
export function errorRecord({ hresult, message }: HresultFailure): string {
  return JSON.stringify({ Success: false, Error: message, ErrorCode: hresult });
}
