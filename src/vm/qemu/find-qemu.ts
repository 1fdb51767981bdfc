import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

export interface Qemu {
  readonly binary: string;
  /** `7.2.22` */
  readonly version: string;
}

/** `-device` takes JSON since 6.2, which is also what Ubuntu 22.04 has. */
const oldest = { major: 6, minor: 2 };

/** What programs have said of themselves, while their files stay the same: asking takes a twentieth of a second. */
const versions = new Map<string, string>();

const isWindows = process.platform === "win32";

const installHint = isWindows
  ? "Install it: winget install SoftwareFreedomConservancy.QEMU"
  : "Install it: apt-get install qemu-system-x86";

/** The QEMU in these folders, a PATH. Raises `unavailable` when there is none, or one older than 6.2. */
export async function findQemu(path: string | undefined, signal: AbortSignal): Promise<Qemu> {
  const binary = await findProgram(isWindows ? "qemu-system-x86_64.exe" : "qemu-system-x86_64", path ?? "");
  if (binary === undefined)
    throw new TswslError("unavailable", "QEMU is not installed", { hint: installHint });
  const { ino, size, mtimeMs } = await stat(binary);
  const file = JSON.stringify([binary, ino, size, mtimeMs]);
  const version = versions.get(file) ?? parseQemuVersion(await versionText(binary, signal));
  versions.set(file, version);
  return { binary, version };
}

/** The version in `--version`'s text. Raises `unavailable` when it is too old or cannot be read. */
export function parseQemuVersion(text: string): string {
  const match = /version (\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match)
    throw new TswslError("unavailable", `QEMU does not tell its version: ${text.slice(0, 200)}`, {
      hint: installHint,
    });
  const [, major = "0", minor = "0", patch = "0"] = match;
  const version = `${major}.${minor}.${patch}`;
  const recent =
    Number(major) > oldest.major || (Number(major) === oldest.major && Number(minor) >= oldest.minor);
  if (recent) return version;
  throw new TswslError(
    "unavailable",
    `QEMU ${version} is too old: ${oldest.major}.${oldest.minor} or later is needed`,
    {
      hint: installHint,
    },
  );
}

async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter((entry) => entry !== "")) {
    const candidate = join(directory, name);
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return undefined;
}

async function versionText(binary: string, signal: AbortSignal): Promise<string> {
  return withDeadline(
    signal,
    { ms: timeouts.qemuVersion, what: `${binary} to tell its version` },
    (limit) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      execFile(binary, ["--version"], { signal: limit, killSignal: "SIGKILL" }, (error, stdout) => {
        if (!error) return resolve(stdout);
        reject(
          new TswslError("unavailable", `${binary} does not run: ${error.message}`, {
            cause: error,
            hint: installHint,
          }),
        );
      });
      return promise;
    },
  );
}
