import { seededRandom } from "../../support/random.ts";

/** Whole numbers below a bound, the same in every run. */
export function seeded(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}

/** `count` texts made of the given pieces and, now and then, any character. */
export function randomTexts(pieces: readonly string[], count: number, seed = 1): string[] {
  const below = seeded(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: below(40) }, () =>
      below(8) === 0 ? String.fromCharCode(below(0x300)) : (pieces[below(pieces.length)] ?? ""),
    ).join(""),
  );
}
