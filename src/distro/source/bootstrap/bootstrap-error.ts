import { TswslError } from "../../../base/errors.ts";
import { errnoOf } from "../file-error.ts";

/** mmdebstrap is not there. */
export function mmdebstrapMissing(): TswslError {
  return new TswslError("unavailable", "mmdebstrap is not installed on this host", {
    hint: "sudo apt-get install mmdebstrap",
  });
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device/i,
    "Free some space in the temporary directory (TMPDIR, else /tmp) and in ~/.cache.",
  ],
  [
    /Could not resolve|Failed to fetch|Unable to connect|Connection failed/i,
    "Check the network, and that 'apt-get update' works on this host.",
  ],
  [
    /NO_PUBKEY|not signed|public key is not available/i,
    "This host lacks the release's keys: update its archive keyring package.",
  ],
  [
    /does not have a Release file|404 +Not Found/i,
    "This host's mirrors do not have that release, or their lists are old: sudo apt-get update",
  ],
];

/** What a failed run says: its own last error, and a remedy where we know one. */
export function bootstrapError(end: unknown, lines: readonly string[]): TswslError {
  if (errnoOf(end) === "ENOENT") return mmdebstrapMissing();
  const own = lines.filter((line) => line.startsWith("E: ")).map((line) => line.slice(3));
  const what =
    own.find((line) => !/mmdebstrap failed to run/.test(line)) ?? own.at(-1) ?? lines.at(-1) ?? String(end);
  const text = lines.join("\n");
  const hint =
    remedies.find(([pattern]) => pattern.test(text))?.[1] ??
    "Check that 'apt-get update' works on this host.";
  return new TswslError("unavailable", `mmdebstrap failed: ${what}`, {
    hint,
    details: { output: text.slice(-4096) },
  });
}
