import { TswslError } from "../../../base/errors.ts";
import type { AptTarget } from "./apt-targets.ts";

/** What can be bootstrapped from a host's own sources: the Origin in its lists, and where the keys lie. */
export const hostFlavors = {
  debian: {
    origin: "Debian",
    title: "Debian GNU/Linux",
    keyring: "/usr/share/keyrings/debian-archive-keyring.gpg",
  },
  ubuntu: { origin: "Ubuntu", title: "Ubuntu", keyring: "/usr/share/keyrings/ubuntu-archive-keyring.gpg" },
} as const;

export type BootstrapFlavorName = keyof typeof hostFlavors;

/** The package sources for a new distro. */
export interface HostSources {
  /** The release, such as `bookworm`. */
  readonly suite: string;
  /** One-line entries of sources.list(5), without `deb` and options. */
  readonly entries: readonly string[];
  /** The host's lists that they were taken from. */
  readonly lists: readonly string[];
  readonly warnings: readonly string[];
}

/** Releases that move on and have no `-updates` and `-security` of their own. */
const rolling: ReadonlySet<string> = new Set(["sid", "unstable", "experimental"]);
const loopback = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/;

/** The flavour of a user's word, in any case. Raises `unsupported` for others. */
export function bootstrapFlavor(name: string): BootstrapFlavorName {
  const flavor = name.toLowerCase();
  if (flavor === "debian" || flavor === "ubuntu") return flavor;
  throw new TswslError("unsupported", `'${name}' cannot be bootstrapped: only Debian and Ubuntu can`, {
    hint: `Install it from the catalogue (tswsl install ${name}) or from an archive (--from-file).`,
  });
}

/**
 * Picks the host's entries of a flavour: its official archive, updates and security, whatever mirror they come from,
 * and none of a third party. For another release than the host's own the same mirrors are used. Raises `unsupported`
 * on a host of another family, `invalid-argument` for a bad name of a release.
 */
export function pickHostSources(
  targets: readonly AptTarget[],
  flavor: BootstrapFlavorName,
  suite?: string,
): HostSources {
  const { origin, title } = hostFlavors[flavor];
  if (suite !== undefined) checkSuite(suite);
  const official = targets.filter((target) => target.origin === origin);
  if (official.length === 0) {
    throw new TswslError("unsupported", `this host has no package sources of ${title}`, {
      hint: `Bootstrapping works on ${title} itself, after 'apt-get update'. Else: tswsl install ${flavor}, or --from-file.`,
    });
  }
  const usable = official.filter(({ uri }) => /^https?:/.test(uri));
  const codename = baseOf(usable.find((target) => target.codename === baseOf(target.codename))?.codename);
  if (codename === undefined) {
    throw new TswslError(
      "unsupported",
      `this host's package sources of ${title} cannot be reached from a distribution`,
      {
        hint: "They must be http or https addresses; file: and cdrom: exist on this host alone.",
      },
    );
  }
  const wanted = suite ?? codename;
  const rows = usable.filter((target) => baseOf(target.codename) === codename);
  return {
    suite: wanted,
    entries: entriesOf(rows, wanted === codename ? undefined : wanted),
    lists: [...new Set(rows.map(({ file }) => file))].sort(),
    warnings: warningsFor(official, rows),
  };
}

function checkSuite(suite: string): void {
  if (/^[a-z][a-z0-9.]{0,31}$/.test(suite)) return;
  throw new TswslError("invalid-argument", `'${suite}' is not the name of a release`, {
    hint: "Names look like bookworm, trixie or noble.",
  });
}

/** `bookworm` of `bookworm-security`. */
function baseOf(codename: string | undefined): string | undefined {
  return codename?.split("-", 1)[0];
}

/** `release` of another suite takes the place of the host's. */
function entriesOf(rows: readonly AptTarget[], other: string | undefined): string[] {
  const kept = rows.filter(
    ({ release }) => other === undefined || !rolling.has(other) || !release.includes("-"),
  );
  const grouped = Map.groupBy(kept, ({ uri, release }) => {
    const suffix = release.replace(/^[^-]+/, "");
    return `${uri} ${other === undefined ? release : `${other}${suffix}`}`;
  });
  return [...grouped].map(([place, group]) => {
    const components = [...new Set(group.map(({ component }) => component))];
    return `${place} ${components.join(" ")}`;
  });
}

function warningsFor(official: readonly AptTarget[], rows: readonly AptTarget[]): string[] {
  const skipped = official.filter(({ uri }) => !/^https?:/.test(uri)).map(({ uri }) => uri);
  const local = rows
    .map(({ uri }) => uri)
    .filter((uri) => URL.canParse(uri) && loopback.test(new URL(uri).host));
  return [
    ...[...new Set(skipped)].map(
      (uri) => `the package source ${uri} exists on this host alone and was left out`,
    ),
    ...[...new Set(local)].map(
      (uri) => `the package source ${uri} is on this host: apt in the distribution cannot reach it`,
    ),
  ];
}
