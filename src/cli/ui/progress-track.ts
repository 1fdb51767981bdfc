import type { Progress } from "../../protocol/daemon.ts";

/** Rate is measured over the last five seconds: steady to the eye, and quick to show that a download stalls. */
const WINDOW_MS = 5000;

export interface FinishedPhase {
  readonly phase: string;
  readonly seconds: number;
}

/** What a screen shows: no clock and no stream in it. */
export interface ProgressView {
  readonly title: string;
  readonly finished: readonly FinishedPhase[];
  readonly current: CurrentPhase;
}

export interface CurrentPhase {
  /** The title itself until the first report. */
  readonly phase: string;
  readonly seconds: number;
  readonly done: number | undefined;
  readonly total: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** Turns reports into a view: phases with how long they took, rate and time left. Times in ms of any one clock. */
export class ProgressTrack {
  readonly #title: string;
  readonly #finished: FinishedPhase[] = [];
  #phase: string | undefined;
  #since: number;
  #latest: Progress = { phase: "" };
  #samples: Sample[] = [];

  constructor(title: string, now: number) {
    this.#title = title;
    this.#since = now;
  }

  /** True when the report begins a new phase. */
  update(report: Progress, now: number): boolean {
    const isNew = report.phase !== this.#phase;
    if (isNew) this.#begin(report.phase, now);
    this.#latest = report;
    if (report.done !== undefined) {
      this.#samples.push({ at: now, done: report.done });
      while (this.#samples.length > 2 && (this.#samples[0]?.at ?? now) < now - WINDOW_MS)
        this.#samples.shift();
    }
    return isNew;
  }

  /** Ends the running phase; the view then lists it among the finished. */
  finish(now: number): void {
    if (this.#phase !== undefined) this.#begin(undefined, now);
  }

  view(now: number): ProgressView {
    const { done, total } = this.#latest;
    const bytesPerSecond = this.#rate(now);
    const secondsLeft =
      bytesPerSecond === undefined || bytesPerSecond <= 0 || done === undefined || total === undefined
        ? undefined
        : Math.max(0, total - done) / bytesPerSecond;
    return {
      title: this.#title,
      finished: this.#finished,
      current: {
        phase: this.#phase ?? this.#title,
        seconds: (now - this.#since) / 1000,
        done,
        total,
        bytesPerSecond,
        secondsLeft,
      },
    };
  }

  #begin(phase: string | undefined, now: number): void {
    if (this.#phase !== undefined)
      this.#finished.push({ phase: this.#phase, seconds: (now - this.#since) / 1000 });
    this.#phase = phase;
    this.#since = now;
    this.#samples = [];
    this.#latest = { phase: phase ?? "" };
  }

  #rate(now: number): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    // Less than half a second says nothing yet. The span runs to now, so that a stall shows as a falling rate.
    if (first === undefined || last === undefined || now - first.at < 500) return undefined;
    return ((last.done - first.done) * 1000) / (now - first.at);
  }
}
