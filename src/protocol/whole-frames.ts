import { FRAME_HEADER_BYTES, frameSize, FrameType } from "./frames.ts";

/**
 * Cuts a byte stream of frames at its last boundary: what is passed on is whole, so that a frame of our own can follow
 * it at any moment. Looks at headers only and copies nothing but a header that arrives in pieces. Holds at most one
 * incomplete frame, which cannot exceed its type's limit.
 */
export class WholeFrames {
  #held: Buffer[] = [];
  /** Beginning of a header, already among the held bytes. */
  #header: Buffer = Buffer.alloc(0);
  /** Bytes from the end of what was pushed to the end of the frame that is under way. */
  #missing = 0;
  #type: number | undefined;
  #over = false;

  /** The exit or error frame has passed; nothing is passed on after it. */
  get over(): boolean {
    return this.#over;
  }

  /** What can be passed on now. Throws `protocol` on an unknown type or a size over the limit of its type. */
  push(chunk: Buffer): Buffer[] {
    if (this.#over) return [];
    const whole = this.#wholeBytes(chunk);
    if (whole === 0) {
      this.#held.push(chunk);
      return [];
    }
    const ready = [...this.#held, chunk.subarray(0, whole)];
    this.#held = whole < chunk.length ? [chunk.subarray(whole)] : [];
    return ready;
  }

  /** How much of the chunk belongs to frames that are complete with it. */
  #wholeBytes(chunk: Buffer): number {
    let whole = 0;
    let next = this.#missing;
    if (this.#header.length > 0) {
      const begun = this.#header.length;
      next =
        this.#begin(Buffer.concat([this.#header, chunk.subarray(0, FRAME_HEADER_BYTES - begun)])) - begun;
    }
    while (this.#header.length === 0 && next <= chunk.length) {
      whole = next;
      if (this.#type === FrameType.exit || this.#type === FrameType.error) {
        this.#over = true;
        return whole;
      }
      this.#type = undefined;
      if (whole === chunk.length) break;
      next += this.#begin(chunk.subarray(whole, whole + FRAME_HEADER_BYTES));
    }
    this.#missing = Math.max(0, next - chunk.length);
    return whole;
  }

  /** The size of the frame that these bytes begin. Bytes that are not yet a header are kept, and 0 is the answer. */
  #begin(bytes: Buffer): number {
    const size = frameSize(bytes);
    this.#header = size === undefined ? Buffer.from(bytes) : Buffer.alloc(0);
    this.#type = size === undefined ? undefined : bytes[0];
    return size ?? 0;
  }
}
