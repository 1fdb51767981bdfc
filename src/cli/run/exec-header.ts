import type { ClientExecHeader } from "../../protocol/daemon.ts";
import type { RunRequest } from "../arguments/run-request.ts";
import type { StandardChannels } from "./standard-channels.ts";

/** What of the host's environment means the same in the distribution. */
const passed = ["TERM", "COLORTERM"] as const;

/** The header of a connection that runs a command. */
export function execHeader(
  request: RunRequest,
  channels: StandardChannels,
  env: NodeJS.ProcessEnv,
): ClientExecHeader {
  const { distro, user, cwd, shell, argv } = request;
  return {
    kind: "exec",
    ...(distro === undefined ? {} : { distro }),
    ...(user === undefined ? {} : { user }),
    cwd,
    shell,
    argv: [...argv],
    env: passedEnvironment(env),
    ...channels,
  };
}

function passedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = [
    ...passed.map((name) => [name, env[name]] as const),
    ["LANG", utf8Locale(env["LANG"])] as const,
  ];
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** A locale of another encoding, or none such as `C`, would take UTF-8 away from the distribution, which has it by default. */
function utf8Locale(lang: string | undefined): string | undefined {
  return lang !== undefined && /\.utf-?8$/i.test(lang) ? lang : undefined;
}
