import { TswslError } from "../../base/errors.ts";
import { sameName } from "../../base/names.ts";
import type { CatalogueEntry } from "../../protocol/daemon.ts";
import type { Catalogue, CatalogueImage, CatalogueVersion } from "./schema.ts";

/** WSL shows so many versions of one flavour. */
const MAX_LISTED = 4;

export type Architecture = "amd64" | "arm64";

/** The catalogue's name for this machine's architecture; undefined where no image can run. */
export function architectureOf(arch: NodeJS.Architecture = process.arch): Architecture | undefined {
  if (arch === "x64") return "amd64";
  return arch === "arm64" ? "arm64" : undefined;
}

/**
 * The version that a user's name stands for, in any case: a flavour's name means its default version, else a version's
 * own name. Raises `not-found`.
 */
export function findVersion(catalogue: Catalogue, name: string): CatalogueVersion {
  const flavor = catalogue.versions.filter((version) => sameName(version.flavor, name));
  const found =
    flavor.find((version) => version.default) ??
    catalogue.versions.find((version) => sameName(version.name, name)) ??
    flavor[0];
  if (found) return found;
  throw new TswslError("not-found", `there is no distribution '${name}' in the catalogue`, {
    hint: "See what there is: tswsl list --online",
  });
}

/** The image of a version for an architecture. Raises `unsupported` when there is none. */
export function imageFor(version: CatalogueVersion, arch: Architecture | undefined): CatalogueImage {
  const image = arch && version[arch];
  if (image) return image;
  throw new TswslError("unsupported", `'${version.name}' has no image for ${arch ?? process.arch} machines`, {
    hint: "See what there is: tswsl list --online",
  });
}

/**
 * What can be installed on this architecture, in WSL's order: the default flavour first, in each flavour its default
 * version first and at most four; then the flavours this host can bootstrap itself.
 */
export function listEntries(
  catalogue: Catalogue,
  host: { arch: Architecture | undefined; bootstrap: readonly BootstrapFlavor[] },
): CatalogueEntry[] {
  const { arch } = host;
  const usable = catalogue.versions.filter((version) => arch && version[arch]);
  const flavors = Map.groupBy(usable, (version) => version.flavor);
  const ordered = [...flavors.values()].sort(
    (left, right) => leads(right, catalogue) - leads(left, catalogue),
  );
  const downloads = ordered.flatMap((versions) => defaultFirst(versions).slice(0, MAX_LISTED));
  return [
    ...downloads.map(({ name, friendlyName, flavor, default: isDefault }) => ({
      name,
      friendlyName,
      flavor,
      default: isDefault && leads([{ name, flavor }], catalogue) === 1,
      source: "download" as const,
    })),
    ...host.bootstrap.map(({ flavor, friendlyName }) => ({
      name: flavor,
      friendlyName,
      flavor,
      default: false,
      source: "bootstrap" as const,
    })),
  ];
}

/** A flavour that mmdebstrap can make here, such as `debian`. */
export interface BootstrapFlavor {
  readonly flavor: string;
  readonly friendlyName: string;
}

/** 1 for the versions of the catalogue's default flavour, 0 for others. */
function leads(
  versions: readonly { name: string; flavor: string }[],
  { default: chosen }: Catalogue,
): number {
  if (chosen === undefined) return 0;
  return versions.some(({ name, flavor }) => sameName(flavor, chosen) || sameName(name, chosen)) ? 1 : 0;
}

function defaultFirst(versions: readonly CatalogueVersion[]): CatalogueVersion[] {
  return [
    ...versions.filter((version) => version.default),
    ...versions.filter((version) => !version.default),
  ];
}
