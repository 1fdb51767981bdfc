/** A part of a transfer that is too large for one message. */
export interface Piece {
  readonly at: number;
  readonly length: number;
}

/**
 * Transfers `length` bytes in pieces, several at once. Returns how many bytes were transferred from the start without a gap:
 * a short piece ends it. Rejects with the failure of the first piece that failed, unless pieces before it fell short.
 */
export async function inPieces(
  length: number,
  { pieceBytes, inFlight }: { readonly pieceBytes: number; readonly inFlight: number },
  transfer: (piece: Piece) => Promise<number>,
): Promise<number> {
  let total = 0;
  let next = 0;
  const running: { readonly piece: Piece; readonly done: Promise<number> }[] = [];
  try {
    for (;;) {
      while (next < length && running.length < inFlight) {
        const piece = { at: next, length: Math.min(pieceBytes, length - next) };
        next += piece.length;
        const done = transfer(piece);
        // It is awaited in its turn; one that fails earlier must not count as unhandled.
        done.catch(() => {});
        running.push({ piece, done });
      }
      const first = running.shift();
      if (!first) return total;
      const count = await first.done;
      total += count;
      if (count < first.piece.length) return total;
    }
  } finally {
    // What is still under way writes into the caller's memory.
    await Promise.allSettled(running.map(({ done }) => done));
  }
}
