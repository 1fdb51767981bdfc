/** Reads text one character at a time and knows the line. CRLF reads as one `\n`; a byte order mark is skipped. */
export class LineReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The line of the next character, counted from 1. */
  get line(): number {
    return this.#line;
  }

  /** The next character, or an empty string at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  next(): string {
    const char = this.peek();
    this.#at += char.length;
    if (char === "\n") this.#line++;
    return char;
  }

  skipBlanks(): void {
    while (this.peek() === " " || this.peek() === "\t") this.next();
  }

  takeWhile(pattern: RegExp): string {
    const start = this.#at;
    while (!this.atEnd && pattern.test(this.peek())) this.next();
    return this.#text.slice(start, this.#at);
  }

  /** To the start of the next line. */
  skipLine(): void {
    while (!this.atEnd && this.next() !== "\n");
  }
}
