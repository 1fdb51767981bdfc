import type { Progress } from "../../protocol/daemon.ts";
import type { OutputStream } from "../cli.ts";
import { warn } from "../output/report-error.ts";
import type { InkProgress } from "./ink-progress.tsx";
import { ProgressTrack } from "./progress-track.ts";

/** Whatever ends sooner is done before anybody wonders. */
const PATIENCE_MS = 700;

export interface ProgressDisplay {
  update(report: Progress): void;
  /** Ends the display: with its last frame on the screen, or `cleared` when the command takes the terminal over. */
  close(outcome: "done" | "failed" | "cleared"): Promise<void>;
}

export interface ProgressOptions {
  readonly title: string;
  readonly quiet: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Progress on standard error: a live screen on a terminal, once the deed has taken {@link PATIENCE_MS}; a line for each
 * phase elsewhere; nothing when `quiet`.
 */
export function openProgress(stderr: OutputStream, options: ProgressOptions): ProgressDisplay {
  if (options.quiet) return { update: () => undefined, close: async () => undefined };
  const isDumb = options.env["TERM"] === "dumb";
  return stderr.isTTY === true && !isDumb
    ? new LiveProgress(stderr, options)
    : new PlainProgress(stderr, options);
}

class PlainProgress implements ProgressDisplay {
  readonly #stderr: OutputStream;
  readonly #track: ProgressTrack;

  constructor(stderr: OutputStream, { title }: ProgressOptions) {
    this.#stderr = stderr;
    this.#track = new ProgressTrack(title, performance.now());
  }

  update(report: Progress): void {
    if (this.#track.update(report, performance.now())) warn(this.#stderr, report.phase);
    if (report.warning !== undefined) warn(this.#stderr, `warning: ${report.warning}`);
  }

  async close(): Promise<void> {
    // Its lines are complete as they are.
  }
}

class LiveProgress implements ProgressDisplay {
  readonly #track: ProgressTrack;
  readonly #timer: NodeJS.Timeout;
  readonly #stderr: OutputStream;
  /** Said when the screen is gone: text in the middle of it would spoil both. */
  readonly #warnings: string[] = [];
  #screen: Promise<InkProgress> | undefined;

  constructor(stderr: OutputStream, { title, env }: ProgressOptions) {
    this.#stderr = stderr;
    this.#track = new ProgressTrack(title, performance.now());
    this.#timer = setTimeout(() => {
      this.#screen = this.#start(stderr, env);
      // A screen that cannot be drawn must not end the deed; close() waits for it and looks at nothing else.
      this.#screen.catch(() => undefined);
    }, PATIENCE_MS);
  }

  update(report: Progress): void {
    this.#track.update(report, performance.now());
    if (report.warning !== undefined) this.#warnings.push(report.warning);
  }

  async close(outcome: "done" | "failed" | "cleared"): Promise<void> {
    clearTimeout(this.#timer);
    const screen = await this.#screen?.catch(() => undefined);
    if (outcome === "done") this.#track.finish(performance.now());
    await screen?.close(outcome === "cleared" ? undefined : outcome);
    for (const warning of this.#warnings.splice(0)) warn(this.#stderr, `warning: ${warning}`);
  }

  /** React and Ink take longer to load than most commands to run: only who waits pays for them. */
  async #start(stderr: OutputStream, env: NodeJS.ProcessEnv): Promise<InkProgress> {
    const { startInkProgress } = await import("./ink-progress.tsx");
    const colour = env["NO_COLOR"] === undefined || env["NO_COLOR"] === "";
    return startInkProgress(stderr, () => this.#track.view(performance.now()), { colour });
  }
}
