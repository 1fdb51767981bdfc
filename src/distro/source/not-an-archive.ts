import { TswslError } from "../../base/errors.ts";

/** `what` begins like none of the archives we take. */
export function notAnArchive(what: string): TswslError {
  return new TswslError("invalid-argument", `${what} is not an archive of a root file system`, {
    hint: "It must be a tar, plain or compressed with gzip, xz or zstd (.tar, .tar.gz, .tar.xz, .tar.zst, .wsl).",
  });
}
