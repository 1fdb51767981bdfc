import { cancelled, withDeadline } from "../../base/deadline.ts";
import { type ErrorCode, isTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** Ends the request and the reading of its body. */
  readonly signal: AbortSignal;
}

const networkHint =
  "Check the network; behind a proxy, set HTTPS_PROXY. Running the command again goes on where it stopped.";

/**
 * A GET that follows redirects and answers once the headers are here, within `timeouts.httpConnect`. The body comes as
 * it is stored: without a content coding, so that lengths and hashes are those of the file. Raises `unavailable` when
 * the server cannot be reached or is in trouble, `timeout`, `not-found`, `permission`, and `protocol` for any other
 * answer than those in `accepted` (by default 2xx).
 */
export async function httpGet(
  request: HttpRequest,
  accepted = (status: number) => status >= 200 && status < 300,
): Promise<Response> {
  const { url, headers, signal } = request;
  const host = hostOf(url);
  const deadline = { ms: timeouts.httpConnect, what: `an answer from ${host}`, hint: networkHint };
  try {
    const response = await withDeadline(signal, deadline, (inner) =>
      request.fetch(url, {
        headers: { "accept-encoding": "identity", ...headers },
        redirect: "follow",
        // The inner signal ends with the wait for headers; the caller's own lives as long as the body.
        signal: AbortSignal.any([inner, signal]),
      }),
    );
    if (accepted(response.status)) return response;
    await response.body?.cancel();
    throw statusError(response, url);
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    if (isTswslError(error)) throw error;
    throw new TswslError("unavailable", `cannot reach ${host}: ${causeOf(error)}`, {
      hint: networkHint,
      cause: error,
    });
  }
}

/** What fetch's `TypeError: fetch failed` hides. */
export function causeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}

function statusError(response: Response, url: string): TswslError {
  const { status, statusText } = response;
  const [code, hint]: readonly [ErrorCode, string] =
    status === 404 || status === 410
      ? [
          "not-found",
          "The address may be out of date: try again when the catalogue can be read, or use --from-file.",
        ]
      : status === 401 || status === 403 || status === 407
        ? ["permission", "The server, or a proxy on the way, refuses access."]
        : status === 429 || status >= 500
          ? ["unavailable", "The server is in trouble: try again later."]
          : ["protocol", "The server does not answer as a file server should."];
  return new TswslError(code, `${url}: the server answered ${status} ${statusText}`.trimEnd(), {
    hint,
    details: { status },
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
