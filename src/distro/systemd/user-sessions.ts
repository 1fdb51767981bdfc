import { withDeadline } from "../../base/deadline.ts";
import { asTswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { AgentClient } from "../../vm/agent-client.ts";
import type { DistroRecord } from "../registry.ts";
import { runCaptured } from "../run-captured.ts";
import {
  noSession,
  parseSession,
  SESSION_SCRIPT,
  STATUS_NO_USER,
  type UserSession,
} from "./session-report.ts";

type Warn = (warning: string) => void;

/** The login sessions of one running distro with systemd: one for each user who has run a command. */
export class UserSessions {
  readonly #agent: AgentClient;
  readonly #record: DistroRecord;
  readonly #log: Logger;
  readonly #sessions = new Map<string, Promise<UserSession>>();

  constructor(agent: AgentClient, record: DistroRecord, log: Logger) {
    this.#agent = agent;
    this.#record = record;
    this.#log = log;
  }

  /**
   * The session of a user (a name or a number), made at the first call. A user for whom none can be made has an empty
   * one, and the first caller is warned. Rejects only when the caller aborts.
   */
  of(user: string, signal: AbortSignal, warn: Warn): Promise<UserSession> {
    let session = this.#sessions.get(user);
    if (!session) {
      session = this.#open(user, warn);
      this.#sessions.set(user, session);
    }
    const shared = session;
    const deadline = { ms: timeouts.userSession * 2, what: `the session of '${user}'` };
    return withDeadline(signal, deadline, () => shared);
  }

  async #open(user: string, warn: Warn): Promise<UserSession> {
    const deadline = { ms: timeouts.userSession, what: `the session of '${user}'` };
    const own = new AbortController().signal;
    try {
      const argv = ["/bin/sh", "-c", SESSION_SCRIPT, "sh", user];
      const run = (signal: AbortSignal) => runCaptured(this.#agent, this.#record, argv, signal);
      const { exit, stdout, stderr } = await withDeadline(own, deadline, run);
      if (exit.kind === "status" && exit.value === STATUS_NO_USER) {
        // The user may be made later.
        this.#sessions.delete(user);
        return noSession;
      }
      if (exit.kind !== "status" || exit.value !== 0) this.#complain(user, stderr.trim(), warn);
      return parseSession(stdout);
    } catch (error) {
      this.#complain(user, asTswslError(error).message, warn);
      return noSession;
    }
  }

  #complain(user: string, reason: string, warn: Warn): void {
    this.#log.warn("no login session", { name: this.#record.name, user, reason });
    warn(`'${user}' has no login session, so systemctl --user may not work: ${firstLine(reason)}`);
  }
}

/** A distro's text as part of a message; whoever shows it takes out control characters. */
function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 200);
}
