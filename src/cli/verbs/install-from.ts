import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { DistroLimits, InstallSource } from "../../protocol/daemon.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { Cli } from "../cli.ts";
import type { DaemonResult } from "../daemon/daemon-client.ts";
import { askAtLength } from "../request.ts";
import { upload } from "./upload.ts";

/** A source as it is said on the command line. */
export type LocalSource = Exclude<InstallSource, { type: "upload" }> | { readonly type: "stdin" };

export interface InstallCommand {
  readonly source: LocalSource;
  readonly name: string | undefined;
  readonly limits: Partial<DistroLimits> | undefined;
  readonly json: boolean;
}

type Installed = DaemonResult<"distro.install">;

/** Has the daemon install, while standard input is sent to it when that is the source. */
export async function installFrom(
  { source, name, limits, json }: InstallCommand,
  cli: Cli,
): Promise<Installed> {
  const what = name ?? described(source);
  const request = async (from: InstallSource, signal: AbortSignal): Promise<Installed> =>
    askAtLength(
      { ...cli, signal },
      "distro.install",
      { source: from, ...(name && { name }), ...(limits && { limits }) },
      {
        title: `Installing ${what}`,
        quiet: json,
        deadline: {
          ms: timeouts.clientInstall,
          what: `the installation of ${what}`,
          hint: "See: tswsl logs",
        },
      },
    );
  try {
    if (source.type !== "stdin") return await request(source, cli.signal);
    return await installUpload(cli, request);
  } catch (error) {
    throw cli.signal.aborted ? undone(what, error) : error;
  }
}

/** Sends standard input and asks for its installation side by side; the failure of one ends the other. */
async function installUpload(
  cli: Cli,
  request: (source: InstallSource, signal: AbortSignal) => Promise<Installed>,
): Promise<Installed> {
  if (cli.stdin.isTTY === true) {
    throw usageError(
      "standard input is a terminal, not an archive",
      "For example: tswsl install --from-file - --name web < rootfs.tar",
    );
  }
  const token = randomUUID();
  const other = new AbortController();
  const signal = AbortSignal.any([cli.signal, other.signal]);
  const sending = upload(cli, token, signal).catch((error: unknown) => {
    // When the daemon has had enough, it says why in its answer; a failure to read our input it cannot know.
    if (cli.stdin.errored) other.abort(cannotRead(cli.stdin.errored));
    throw error;
  });
  const [, installed] = await Promise.allSettled([
    sending,
    request({ type: "upload", token }, signal).finally(() => other.abort()),
  ]);
  if (installed.status === "fulfilled") return installed.value;
  throw installed.reason;
}

function cannotRead(cause: Error): TswslError {
  return new TswslError("unavailable", `cannot read standard input: ${cause.message}`, { cause });
}

function undone(what: string, cause: unknown): TswslError {
  return new TswslError(
    "cancelled",
    `cancelled: ${what} is not installed; the daemon removes what there was of it`,
    { cause },
  );
}

function described(source: LocalSource): string {
  if (source.type === "catalogue") return source.name;
  if (source.type === "bootstrap") return source.flavor;
  return source.type === "file" ? basename(source.path) : "the archive";
}
