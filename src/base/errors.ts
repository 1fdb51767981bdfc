/** The closed vocabulary of failure. Codes cross both wires and decide the CLI's exit status. */
export const errorCodes = [
  "invalid-argument",
  "not-found",
  "exists",
  "invalid-state",
  "unsupported",
  "permission",
  "unavailable",
  "timeout",
  "cancelled",
  "disconnected",
  "protocol",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Small typed facts beside the text: an errno, an HRESULT, a path. Never needed to understand the message. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

export interface ErrorOptions {
  /** What the user can do next, as a sentence or a command. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly details?: ErrorDetails | undefined;
}

/** How an error travels: plain data, rebuilt by {@link errorFromWire}. The cause stays at home, in the log. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: ErrorDetails | undefined;
}

/** The one error type of the product: what failed, why, and what to do next. */
export class TswslError extends Error {
  override readonly name = "TswslError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  /** The form that crosses a wire. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** True for a {@link TswslError}, with this code when one is given. */
export function isTswslError(error: unknown, code?: ErrorCode): error is TswslError {
  return error instanceof TswslError && (code === undefined || error.code === code);
}

/** Rebuilds an error received from a peer. Unknown codes become `internal`: the peer may be newer than we are. */
export function errorFromWire(wire: { readonly code: string } & Omit<WireError, "code">): TswslError {
  const code = errorCodes.find((known) => known === wire.code) ?? "internal";
  return new TswslError(code, wire.message, { hint: wire.hint, details: wire.details });
}

/** Any thrown value as a {@link TswslError}; foreign errors become `internal` with the original as their cause. */
export function asTswslError(error: unknown): TswslError {
  if (error instanceof TswslError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TswslError("internal", message, { cause: error });
}
