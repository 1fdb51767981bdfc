import * as v from "valibot";
import { ErrorCodes, ResponseError } from "vscode-jsonrpc/node";
import { TswslError, type WireError } from "../base/errors.ts";
import { parseWireError, SafeText } from "./wire-error.ts";

/** JSON-RPC's number for errors of the application. The real code is in the data. */
const APPLICATION_ERROR = -32_000;

/** An error as it travels in JSON-RPC. */
export function errorResponse(error: TswslError): ResponseError<WireError> {
  return new ResponseError(APPLICATION_ERROR, error.message, error.toWire());
}

/** The error that a call was answered with. */
export function errorFromResponse(response: ResponseError<unknown>): TswslError {
  if (response.data !== undefined) return parseWireError(response.data);
  const message = v.parse(SafeText, response.message);
  // Raised on this side by the writer, see rpc-writer.ts.
  if (response.code === ErrorCodes.MessageWriteError) return new TswslError("invalid-argument", message);
  // Raised by the peer's JSON-RPC layer, which knows nothing of our codes.
  if (response.code !== ErrorCodes.MethodNotFound) return new TswslError("protocol", message);
  return new TswslError("unsupported", message, { hint: "Both sides must be of the same version of tswsl." });
}
