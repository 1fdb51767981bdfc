/** One line of the table; `ratio` is value over peerValue, from one run. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MB/s" | "MB" | "/s";
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
  readonly aim?: string;
  readonly met?: boolean;
}

/** What a ratio should be: at most this, or at least. */
export type Aim = { readonly atMost: number } | { readonly atLeast: number };

/** Rounds of every measurement; a median of fewer says little on a machine that is shared. */
export const ROUNDS = Number(process.env["ROUNDS"] ?? 7);

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: Row["unit"];
}

/** A row with its peer, and whether the aim is met. */
export function compared(own: Measured, peer: Omit<Measured, "unit">, aim: Aim): Row {
  const ratio = own.value / peer.value;
  return {
    name: own.name,
    value: rounded(own.value),
    unit: own.unit,
    peer: peer.name,
    peerValue: rounded(peer.value),
    ratio: Number(ratio.toFixed(2)),
    aim: "atMost" in aim ? `≤ ${aim.atMost}` : `≥ ${aim.atLeast}`,
    met: "atMost" in aim ? ratio <= aim.atMost : ratio >= aim.atLeast,
  };
}

/** A row that is only reported, or held against an absolute bound. */
export function reported({ name, value, unit }: Measured, atMost?: number): Row {
  const row = { name, value: rounded(value), unit };
  return atMost === undefined ? row : { ...row, aim: `≤ ${atMost} ${unit}`, met: value <= atMost };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of {@link ROUNDS} values. */
export async function repeat(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) values.push(await measure());
  return median(values);
}

/** Medians of two things measured in turn, so that a slow minute of the machine is in both. */
export async function inTurn(
  own: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<readonly [number, number]> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < ROUNDS; round++) pairs.push([await own(), await peer()]);
  return [median(pairs.map(([value]) => value)), median(pairs.map(([, value]) => value))];
}

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function rounded(value: number): number {
  return value < 10 ? Number(value.toFixed(1)) : Math.round(value);
}
