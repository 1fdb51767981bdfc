import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { withDeadline } from "../../base/deadline.ts";
import { isTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { fileError } from "../source/file-error.ts";
import { httpGet } from "../source/http-get.ts";
import { type Catalogue, MAX_CATALOGUE_BYTES, parseCatalogue } from "./schema.ts";
import vendored from "./vendored.json" with { type: "json" };

/** WSL's public catalogue. */
export const defaultCatalogueUrl =
  "https://raw.githubusercontent.com/microsoft/WSL/master/distributions/DistributionInfo.json";

export interface CatalogueRequest {
  /** The setting `catalogue`: an http(s) or file URL, or a path. */
  readonly source: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

export interface LoadedCatalogue {
  readonly catalogue: Catalogue;
  /** True for the copy that came with the program. */
  readonly offline: boolean;
  /** Why it is the copy. */
  readonly reason: string | undefined;
}

/**
 * Reads the catalogue anew. When WSL's public one cannot be had or read, the vendored copy takes its place, marked
 * `offline`: its images are still pinned by hash. Another catalogue that fails is an error, since the user chose it
 * for what it holds: `not-found`, `permission`, `unavailable`, `timeout` or `protocol`.
 */
export async function loadCatalogue(request: CatalogueRequest): Promise<LoadedCatalogue> {
  try {
    return { catalogue: await readCatalogue(request), offline: false, reason: undefined };
  } catch (error) {
    if (request.source !== defaultCatalogueUrl || !isTswslError(error) || error.code === "cancelled")
      throw error;
    return { catalogue: vendoredCatalogue(), offline: true, reason: error.message };
  }
}

/** The copy of WSL's catalogue that came with the program. */
export function vendoredCatalogue(): Catalogue {
  return parseCatalogue(JSON.stringify(vendored), { name: "vendored.json", local: false });
}

async function readCatalogue({ source, fetch, signal }: CatalogueRequest): Promise<Catalogue> {
  const deadline = { ms: timeouts.httpConnect, what: `the catalogue ${source}`, hint: checkHint };
  const isWeb = /^https?:/i.test(source);
  const text = await withDeadline(signal, deadline, (inner) =>
    isWeb ? download(source, fetch, inner) : readLocal(source, inner),
  );
  return parseCatalogue(text, { name: source, local: !isWeb });
}

const checkHint = "Check the network, or the setting 'catalogue'.";

async function download(url: string, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<string> {
  const response = await httpGet({ url, fetch, signal });
  if (!response.body) throw new TswslError("protocol", `the catalogue ${url} is empty`, { hint: checkHint });
  try {
    return await bounded(Readable.fromWeb(response.body, { signal }), url);
  } catch (error) {
    if (isTswslError(error)) throw error;
    throw new TswslError("unavailable", `the catalogue ${url} could not be read to its end`, {
      hint: checkHint,
      cause: error,
    });
  }
}

async function readLocal(source: string, signal: AbortSignal): Promise<string> {
  try {
    const path = /^file:/i.test(source) ? fileURLToPath(source) : source;
    return await bounded(createReadStream(path, { signal }), source);
  } catch (error) {
    throw isTswslError(error) ? error : fileError(error, `the catalogue ${source}`);
  }
}

async function bounded(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Readable yields what its source gives; both sources here give bytes.
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_CATALOGUE_BYTES) {
      throw new TswslError("protocol", `the catalogue ${name} is larger than ${MAX_CATALOGUE_BYTES} bytes`);
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString("utf8");
}
