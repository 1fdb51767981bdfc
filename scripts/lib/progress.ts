/** How often a plain log gets a line about a step that is still going on. */
const PLAIN_EVERY_MS = 15_000;
/** How often the line on a terminal is rewritten. */
const TERMINAL_EVERY_MS = 100;

/** Tells a person what a long step is doing: one moving line on a terminal, now and then a line in a log. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #shown = 0;
  #moving = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#wipe();
    this.#out.write(`${text}\n`);
    this.#shown = Date.now();
  }

  /** The state of the step going on; most calls print nothing. */
  update(text: string): void {
    const now = Date.now();
    if (now - this.#shown < (this.#out.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#shown = now;
    if (!this.#out.isTTY) {
      this.#out.write(`${text}\n`);
      return;
    }
    const width = this.#out.columns || 80;
    this.#out.write(`\r\x1b[2K${text.slice(0, width - 1)}`);
    this.#moving = true;
  }

  /** Ends the moving line, if there is one. */
  end(): void {
    this.#wipe();
  }

  #wipe(): void {
    if (this.#moving) this.#out.write("\r\x1b[2K");
    this.#moving = false;
  }
}
