/** A failure that the person at the keyboard can act on: what happened, and what to do next. */
export class ScriptError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ScriptError";
    this.hint = hint;
  }
}
