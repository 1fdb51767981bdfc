import { statfs } from "node:fs/promises";
import { cancelled, withDeadline } from "../../base/deadline.ts";
import { isTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { ReportProgress } from "./distro-source.ts";
import { fileError } from "./file-error.ts";
import { causeOf, httpGet } from "./http-get.ts";
import type { PartFile } from "./part-file.ts";

/** No root file system is larger, and a server that never stops must not fill every disk. */
const MAX_IMAGE_BYTES = 64 * 1024 ** 3;
/** A connection that breaks is taken up again as long as each one brought something, so often at most. */
const MAX_RESUMES = 20;

export interface Fetching {
  readonly url: string;
  readonly part: PartFile;
  /** Of the part file. */
  readonly directory: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Fetches what is missing of a file, taking up broken connections with range requests (RFC 9110 §14). Returns when the
 * server says that this was all; whether it is the right file is for its hash to tell. Raises the errors of
 * {@link httpGet}, `disconnected` when the connection breaks for good, `timeout` when it falls silent, `unavailable`
 * when the disk cannot hold it; the part file stays usable.
 */
export async function fetchInto(fetching: Fetching): Promise<void> {
  for (let resumes = 0; ; resumes++) {
    const before = fetching.part.size;
    try {
      return await fetchRest(fetching);
    } catch (error) {
      const isWorthwhile = fetching.part.size > before && resumes < MAX_RESUMES;
      if (!isTswslError(error, "disconnected") || !isWorthwhile) throw error;
    }
  }
}

async function fetchRest(fetching: Fetching): Promise<void> {
  const { part, report } = fetching;
  const response = await askFor(fetching);
  const total = totalOf(response, part.size);
  await checkSpace(fetching, total);
  if (!response.body) throw disconnected(fetching, "the answer has no content");
  report(progress(part.size, total));
  const reader = response.body.getReader();
  try {
    await copy(reader, fetching, total);
  } catch (error) {
    // Also frees the connection when the fault is ours, such as a full disk.
    await reader.cancel().catch(() => undefined);
    throw error;
  }
  if (total !== undefined && part.size < total) throw disconnected(fetching, "the connection ended early");
}

/** The answer with the bytes from `part.size` on; `part` has been emptied where the server starts from the beginning. */
async function askFor(fetching: Fetching): Promise<Response> {
  const { part } = fetching;
  const accepted = (status: number): boolean => [200, 206, 416].includes(status);
  const response = await httpGet({ ...fetching, headers: await rangeHeaders(part) }, accepted);
  if (part.size === 0 && response.status === 200) {
    await part.setEtag(response.headers.get("etag"));
    return response;
  }
  if (response.status === 206 && startOf(response) === part.size && part.size > 0) return response;
  if (part.size === 0) {
    await response.body?.cancel();
    throw new TswslError(
      "protocol",
      `${fetching.url}: the server answered ${response.status} to a plain request`,
    );
  }
  // 200: it has another version, or no ranges. 416 or another range: what is here does not fit to what is there.
  await part.reset();
  if (response.status === 200) {
    await part.setEtag(response.headers.get("etag"));
    return response;
  }
  await response.body?.cancel();
  return askFor(fetching);
}

async function rangeHeaders(part: PartFile): Promise<Record<string, string>> {
  if (part.size === 0) return {};
  const etag = await part.etag();
  return { range: `bytes=${part.size}-`, ...(etag === undefined ? {} : { "if-range": etag }) };
}

function startOf(response: Response): number | undefined {
  const match = /^bytes (\d+)-\d+\//.exec(response.headers.get("content-range") ?? "");
  return match ? Number(match[1]) : undefined;
}

/** Bytes of the whole file, when the server says. */
function totalOf(response: Response, offset: number): number | undefined {
  const length = /^\d+$/.exec(response.headers.get("content-length") ?? "");
  if (!length) return undefined;
  return offset + Number(length[0]);
}

async function checkSpace({ part, directory, url }: Fetching, total: number | undefined): Promise<void> {
  const wanted = (total ?? 0) - part.size;
  if (total !== undefined && total > MAX_IMAGE_BYTES) throw tooLarge(url);
  const { bavail, bsize } = await statfs(directory);
  if (wanted <= bavail * bsize) return;
  throw new TswslError(
    "unavailable",
    `${url} needs ${megabytes(wanted)} in ${directory}, which has ${megabytes(bavail * bsize)}`,
    {
      hint: "Free some space and try again.",
    },
  );
}

async function copy(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  fetching: Fetching,
  total: number | undefined,
): Promise<void> {
  const { part, url, signal, report } = fetching;
  const deadline = { ms: timeouts.httpIdle, what: `more of ${url}`, hint: resumeHint };
  for (;;) {
    const next = await withDeadline(signal, deadline, () => reader.read()).catch((error: unknown) => {
      if (isTswslError(error)) throw error;
      if (signal.aborted) throw cancelled(signal);
      throw disconnected(fetching, causeOf(error));
    });
    if (next.done) return;
    if (part.size + next.value.length > MAX_IMAGE_BYTES) throw tooLarge(url);
    await part.append(next.value).catch((error: unknown) => {
      throw fileError(error, `the download of ${url}`);
    });
    report(progress(part.size, total));
  }
}

const resumeHint = "Run the command again: it goes on where it stopped.";

function progress(done: number, total: number | undefined): { phase: string; done: number; total?: number } {
  return { phase: "Downloading", done, ...(total === undefined ? {} : { total }) };
}

function disconnected({ url }: Fetching, why: string): TswslError {
  return new TswslError("disconnected", `the download of ${url} broke off: ${why}`, { hint: resumeHint });
}

function tooLarge(url: string): TswslError {
  return new TswslError("protocol", `${url} is larger than ${megabytes(MAX_IMAGE_BYTES)}`);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
