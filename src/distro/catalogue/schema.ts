import * as v from "valibot";
import { TswslError } from "../../base/errors.ts";

/** Largest catalogue that is read; WSL's own has 17 kB. */
export const MAX_CATALOGUE_BYTES = 4 * 1024 * 1024;
const MAX_FLAVORS = 1000;
const MAX_VERSIONS = 1000;

/** Where the image of one architecture lies, and what it must hash to (64 lower-case hex digits). */
export interface CatalogueImage {
  readonly url: string;
  readonly sha256: string;
}

export interface CatalogueVersion {
  readonly name: string;
  readonly friendlyName: string;
  readonly flavor: string;
  /** The one that the flavour's name stands for. */
  readonly default: boolean;
  readonly amd64: CatalogueImage | undefined;
  readonly arm64: CatalogueImage | undefined;
}

export interface Catalogue {
  /** Name of the flavour or version that stands for all. */
  readonly default: string | undefined;
  /** In the order of the file. */
  readonly versions: readonly CatalogueVersion[];
}

const Name = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9._-]{1,256}$/, "not a valid name"));
// Shown on terminals, and the catalogue may come from anywhere.
// eslint-disable-next-line no-control-regex -- control characters are what is to be removed
const controls = /[\u0000-\u001f\u007f-\u009f]/g;
const Title = v.pipe(
  v.string(),
  v.maxLength(1024),
  v.transform((title) => title.replaceAll(controls, "")),
);
const Sha256 = v.pipe(
  v.string(),
  v.regex(/^(0x)?[0-9a-f]{64}$/i, "not a SHA-256"),
  v.transform((hash) => hash.slice(-64).toLowerCase()),
);

const image = (protocols: readonly string[]) =>
  v.object({
    Url: v.pipe(
      v.string(),
      v.maxLength(4096),
      v.check(
        (url) => URL.canParse(url) && protocols.includes(new URL(url).protocol),
        "not an acceptable URL",
      ),
    ),
    Sha256,
  });

const catalogue = (protocols: readonly string[]) =>
  v.object({
    Default: v.optional(Name),
    ModernDistributions: v.pipe(
      v.record(
        Name,
        v.pipe(
          v.array(
            v.object({
              Name,
              FriendlyName: Title,
              Default: v.optional(v.boolean(), false),
              Amd64Url: v.optional(image(protocols)),
              Arm64Url: v.optional(image(protocols)),
            }),
          ),
          v.maxLength(MAX_VERSIONS),
        ),
      ),
      v.check((flavors) => Object.keys(flavors).length <= MAX_FLAVORS, "too many flavours"),
    ),
  });

const remote = catalogue(["https:", "http:"]);
// Only a catalogue that the user keeps on this machine may name files of this machine.
const local = catalogue(["https:", "http:", "file:"]);

/**
 * Reads a catalogue in the schema of WSL's DistributionInfo.json; its legacy `Distributions` are ignored. Raises
 * `protocol` with the place of the first fault. `local`: the text comes from a file of this machine.
 */
export function parseCatalogue(text: string, source: { name: string; local: boolean }): Catalogue {
  const parsed = v.safeParse(source.local ? local : remote, parseJson(text, source.name));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    throw malformed(source.name, path === null ? issue.message : `${path}: ${issue.message}`);
  }
  const { Default, ModernDistributions } = parsed.output;
  const versions = Object.entries(ModernDistributions).flatMap(([flavor, entries]) =>
    entries.map((entry) => ({
      name: entry.Name,
      friendlyName: entry.FriendlyName,
      flavor,
      default: entry.Default,
      amd64: entry.Amd64Url && { url: entry.Amd64Url.Url, sha256: entry.Amd64Url.Sha256 },
      arm64: entry.Arm64Url && { url: entry.Arm64Url.Url, sha256: entry.Arm64Url.Sha256 },
    })),
  );
  return { default: Default, versions };
}

function parseJson(text: string, name: string): unknown {
  if (Buffer.byteLength(text) > MAX_CATALOGUE_BYTES)
    throw malformed(name, `larger than ${MAX_CATALOGUE_BYTES} bytes`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw malformed(name, "not JSON", error);
  }
}

function malformed(name: string, what: string, cause?: unknown): TswslError {
  return new TswslError("protocol", `the catalogue ${name} is malformed: ${what}`, {
    hint: "It must have the form of WSL's DistributionInfo.json. Another one is chosen with the setting 'catalogue'.",
    cause,
  });
}
