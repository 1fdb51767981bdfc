import { READY_PHASE, type Progress } from "../../protocol/daemon.ts";
import type { CliProcess } from "../cli.ts";
import { warn } from "../output/report-error.ts";
import { openProgress, type ProgressDisplay } from "../ui/open-progress.ts";

/** They come from the guest, which must not be able to fill our memory. */
const MAX_LATE = 8;

/**
 * Shows what the daemon has to start before the command can begin, as long as it says so, and is gone from the terminal
 * before the command writes to it. Elsewhere than on a terminal only warnings are said: standard error is the command's.
 */
export class StartDisplay {
  readonly #cli: Pick<CliProcess, "stderr" | "env">;
  #display: ProgressDisplay | undefined;
  #closed: Promise<void> | undefined;
  readonly #late: string[] = [];

  constructor(cli: Pick<CliProcess, "stderr" | "env">) {
    this.#cli = cli;
  }

  /** True from the first report to the command's first sign of life: what is typed now is not for the command. */
  get isStarting(): boolean {
    return this.#display !== undefined && this.#closed === undefined;
  }

  update(report: Progress): void {
    if (this.#closed !== undefined) {
      if (report.warning !== undefined && this.#late.length < MAX_LATE) this.#late.push(report.warning);
      return;
    }
    if (report.phase === READY_PHASE) {
      void this.close();
      return;
    }
    const { stderr, env } = this.#cli;
    this.#display ??= openProgress(stderr, { title: "Starting", quiet: stderr.isTTY !== true, env });
    this.#display.update(report);
    if (stderr.isTTY !== true && report.warning !== undefined) warn(stderr, `warning: ${report.warning}`);
  }

  /** Says what was reported while the command had the terminal. For when it has given it back. */
  sayLate(): void {
    for (const warning of this.#late.splice(0)) warn(this.#cli.stderr, `warning: ${warning}`);
  }

  /** Resolves when the terminal is clear. Idempotent. */
  async close(): Promise<void> {
    this.#closed ??= this.#display?.close("cleared") ?? Promise.resolve();
    return this.#closed;
  }
}
