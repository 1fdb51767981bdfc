import { READY_PHASE, type Progress } from "../../protocol/daemon.ts";
import type { CliProcess } from "../cli.ts";
import { warn } from "../output/report-error.ts";
import { openProgress, type ProgressDisplay } from "../ui/open-progress.ts";

/**
 * Shows what the daemon has to start before the command can begin, as long as it says so, and is gone from the terminal
 * before the command writes to it. Elsewhere than on a terminal only warnings are said: standard error is the command's.
 */
export class StartDisplay {
  readonly #cli: Pick<CliProcess, "stderr" | "env">;
  #display: ProgressDisplay | undefined;
  #closed: Promise<void> | undefined;

  constructor(cli: Pick<CliProcess, "stderr" | "env">) {
    this.#cli = cli;
  }

  /** True from the first report to the command's first sign of life: what is typed now is not for the command. */
  get isStarting(): boolean {
    return this.#display !== undefined && this.#closed === undefined;
  }

  update(report: Progress): void {
    if (this.#closed !== undefined) return;
    if (report.phase === READY_PHASE) {
      void this.close();
      return;
    }
    const { stderr, env } = this.#cli;
    this.#display ??= openProgress(stderr, { title: "Starting", quiet: stderr.isTTY !== true, env });
    this.#display.update(report);
    if (stderr.isTTY !== true && report.warning !== undefined) warn(stderr, `warning: ${report.warning}`);
  }

  /** Resolves when the terminal is clear. Idempotent. */
  async close(): Promise<void> {
    this.#closed ??= this.#display?.close("cleared") ?? Promise.resolve();
    return this.#closed;
  }
}
