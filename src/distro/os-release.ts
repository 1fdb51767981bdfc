/** What a system says of itself. */
export interface OsRelease {
  /** Lower case, such as `debian`. */
  readonly id: string | undefined;
  readonly versionId: string | undefined;
  readonly prettyName: string | undefined;
  readonly versionCodename: string | undefined;
}

/** Longer than any real name; it ends up in tables on a terminal. */
const MAX_VALUE = 128;

const assignment = /^([A-Z][A-Z0-9_]*)=(.*)$/;
const identifier = /^[a-z0-9._-]+$/;

/**
 * Reads the text of `/etc/os-release` (os-release(5): shell assignments with optional quotes). The text is the
 * distro's own, so control characters are dropped and lengths bounded; the last of equal names wins, as in a shell.
 * Never throws.
 */
export function parseOsRelease(content: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of content.replace(/^\uFEFF/, "").split("\n")) {
    const match = assignment.exec(line.trim());
    if (match) values.set(match[1] ?? "", unquote(match[2] ?? ""));
  }
  return {
    id: identifierOf(values.get("ID")),
    versionId: values.get("VERSION_ID") || undefined,
    prettyName: values.get("PRETTY_NAME") || undefined,
    versionCodename: identifierOf(values.get("VERSION_CODENAME")),
  };
}

function unquote(raw: string): string {
  const quote = raw.charAt(0);
  const isQuoted = raw.length >= 2 && (quote === '"' || quote === "'") && raw.endsWith(quote);
  const inner = isQuoted ? raw.slice(1, -1) : raw;
  const plain = quote === "'" && isQuoted ? inner : inner.replaceAll(/\\(.)/g, "$1");
  // eslint-disable-next-line no-control-regex -- control characters are what is to be removed
  return plain.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").slice(0, MAX_VALUE);
}

function identifierOf(value: string | undefined): string | undefined {
  return value !== undefined && identifier.test(value) ? value : undefined;
}
