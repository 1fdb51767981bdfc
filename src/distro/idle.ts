/**
 * Counts the users of something and calls back once nobody has used it for a while. Each hold is released exactly
 * once, however often its release is called.
 */
export class IdleTimer {
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #seconds: () => number;
  readonly #onIdle: () => void;

  /** `seconds` is asked each time the last hold goes; a negative answer means never. */
  constructor(seconds: () => number, onIdle: () => void) {
    this.#seconds = seconds;
    this.#onIdle = onIdle;
  }

  get holds(): number {
    return this.#holds;
  }

  /** Keeps the thing in use until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    this.cancel();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      if (this.#holds === 0) this.arm();
    };
  }

  /** Starts the countdown if nobody holds. Called by itself after a setting has changed. */
  arm(): void {
    this.cancel();
    const seconds = this.#seconds();
    if (this.#holds > 0 || seconds < 0) return;
    this.#timer = setTimeout(this.#onIdle, seconds * 1000);
    // A countdown alone must not keep the process alive.
    this.#timer.unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
