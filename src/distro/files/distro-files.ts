import * as v from "valibot";
import { withDeadline } from "../../base/deadline.ts";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import type { Progress } from "../../protocol/daemon.ts";
import { readHeader } from "../../protocol/frame-header.ts";
import type { Distros } from "../distros.ts";
import { IdleTimer } from "../idle.ts";
import type { DistroUse } from "../lifecycle.ts";
import type { DistroRecord } from "../registry.ts";
import { type Account, findAccount } from "./account.ts";
import { attach, type Attached } from "./attach.ts";

/** A connection that nobody uses is kept this long: commands often come one after the other. */
const IDLE_SECONDS = 5;

export interface OpenOptions {
  /** A name or a decimal uid; undefined: the distro's default user. */
  readonly user?: string | undefined;
  /** Told what is waited for when the distro has to be started. */
  readonly report?: ((progress: Progress) => void) | undefined;
}

/** The files of a running distro, as one of its users sees them. */
export interface OpenFiles {
  readonly record: DistroRecord;
  readonly account: Account;
  /** The distro's `/`; shared by all who have it open, so nobody closes it. */
  readonly root: FileNode;
  /** Fires when the files are gone: the distro or the VM has ended, or stopped answering. Its reason says why. */
  readonly signal: AbortSignal;
  /** Gives them back. Until then the distro is not stopped for being idle. Idempotent. */
  readonly release: () => void;
}

interface Ready extends Attached {
  readonly account: Account;
}

interface Connection {
  readonly ready: Promise<Ready>;
  readonly idle: IdleTimer;
}

/**
 * Opens the file systems of distros, which are started for that. One connection for each distro and user is shared by
 * all who want it, and closed a while after the last one has gone.
 */
export class DistroFiles {
  readonly #distros: Pick<Distros, "resolve" | "lifecycle">;
  readonly #connections = new Map<string, Connection>();

  constructor(distros: Pick<Distros, "resolve" | "lifecycle">) {
    this.#distros = distros;
  }

  /**
   * The files of the distro of this name, or of the default one. Raises what starting it raises, `not-found` for a user who
   * does not exist, `timeout` when a running distro's files do not answer.
   */
  async open(
    name: string | undefined,
    { user, report = () => undefined }: OpenOptions,
    signal: AbortSignal,
  ): Promise<OpenFiles> {
    const record = this.#distros.resolve(name);
    const use = await this.#distros.lifecycle.use(record, signal, report);
    try {
      const connection = this.#connection(use, record, user ?? use.started.defaultUser);
      const releaseConnection = connection.idle.hold();
      try {
        const deadline = { ms: timeouts.filesStart, what: `the files of '${record.name}'`, hint };
        const { account, root, closed } = await withDeadline(signal, deadline, () => connection.ready);
        const release = (): void => {
          releaseConnection();
          use.release();
        };
        return { record, account, root, signal: closed, release };
      } catch (error) {
        releaseConnection();
        throw error;
      }
    } catch (error) {
      use.release();
      throw error;
    }
  }

  /** The one there is, or a new one. A failed one is not kept. */
  #connection(use: DistroUse, record: DistroRecord, user: string): Connection {
    const key = `${record.id} ${user}`;
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const ending = new AbortController();
    const forget = (): void => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    };
    const ready = connect(use, record, user, ending.signal);
    const idle = new IdleTimer(
      () => IDLE_SECONDS,
      () => {
        forget();
        ending.abort(new TswslError("cancelled", "nobody uses the connection"));
        ready.then(({ close }) => close()).catch(() => undefined);
      },
    );
    const connection: Connection = { ready, idle };
    this.#connections.set(key, connection);
    ready.then(({ closed }) => closed.addEventListener("abort", forget)).catch(forget);
    return connection;
  }
}

/**
 * Finds the user, opens the stream and attaches. The server is a program that has to be loaded, which takes a while in a
 * busy guest; whether there is a guest at all shows sooner.
 */
async function connect(
  { agent }: DistroUse,
  record: DistroRecord,
  user: string,
  signal: AbortSignal,
): Promise<Ready> {
  const silent = new AbortController();
  const deadline = { ms: timeouts.filesStart, what: `the files of '${record.name}'`, hint };
  return withDeadline(AbortSignal.any([signal, silent.signal]), deadline, async (limit) => {
    const ping = async (during: AbortSignal): Promise<unknown> => agent.ping(during);
    ping(limit).catch((error: unknown) => silent.abort(asTswslError(error)));
    const { passwd } = await agent.call("distro.inspect", { distro: record.id }, { signal: limit });
    const account = findAccount(passwd, user, record.name);
    const stream = await agent.openStream({ kind: "files", distro: record.id, user: account.name }, limit);
    try {
      // The agent's one frame says whether there are files on it.
      await readHeader(stream, v.object({}), limit);
      return { account, ...(await attach(stream, { account, ping }, limit)) };
    } catch (error) {
      stream.destroy();
      throw error;
    }
  });
}

const hint = "If it does not recover: tswsl shutdown --force";
