import type { ClientExecHeader } from "../../protocol/daemon.ts";
import type { RunRequest } from "../arguments/run-request.ts";
import type { StandardChannels } from "./standard-channels.ts";

/**
 * What of the host's environment means the same in the distribution: what the user's terminal is. A locale does not: the
 * distribution has its own, and seldom the host's.
 */
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
    env: { ...hostTerminal(), ...passedEnvironment(env) },
    ...channels,
  };
}

/** Windows' own consoles understand what this terminal's programs write, and do not say so. */
function hostTerminal(): Record<string, string> {
  return process.platform === "win32" ? { TERM: "xterm-256color" } : {};
}

function passedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(passed.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
