import { type Entry, isDirectory, isRegular, isSameFile, touchOf } from "./entry.ts";

/** A name in a directory (its qid path). */
export interface NamePlace {
  readonly directory: number;
  readonly name: string;
}

/** What a name stood for, and what it stands for now. */
export interface NameState extends NamePlace {
  /** Of the directory: how many names above it. */
  readonly depth: number;
  readonly before: Entry | undefined;
  readonly now: Entry | undefined;
}

export interface Rename {
  readonly kind: "rename";
  readonly from: NamePlace;
  readonly to: NamePlace;
  readonly entry: Entry;
  /** What the new name stood for. */
  readonly replaced: Entry | undefined;
}

export type Change =
  | Rename
  | {
      readonly kind: "create" | "delete" | "modify" | "attrib";
      readonly at: NamePlace;
      readonly entry: Entry;
    };

interface Matched {
  readonly from: NameState;
  readonly to: NameState;
  readonly entry: Entry;
}

/** The renames among these: a file that is not where it was, and is where it was not. */
export function renamesOf(states: readonly NameState[]): readonly Rename[] {
  return inOrder(matched(states)).map(asRename);
}

/**
 * The changes that lead from the one state to the other, in an order in which they can be made: renames first, what makes
 * room for another before that, then deletions from the bottom up, creations from the top down, and at last what has
 * happened to files that are where they were.
 */
export function changesOf(states: readonly NameState[]): readonly Change[] {
  const renames = inOrder(matched(states));
  const left = new Set(renames.map(({ from }) => from));
  const taken = new Set(renames.map(({ to }) => to));
  const deletions: NameState[] = [];
  const creations: NameState[] = [];
  const touches: Change[] = [];
  for (const state of states) {
    const { before, now } = state;
    if (before && now && isSameFile(before, now)) {
      const kind = touchOf(before, now);
      if (kind) touches.push({ kind, at: state, entry: now });
      continue;
    }
    if (before && !left.has(state) && !taken.has(state)) deletions.push(state);
    if (now && !taken.has(state)) creations.push(state);
  }
  for (const { from, to, entry } of renames)
    if (from.before && touchOf(from.before, entry) === "modify")
      touches.push({ kind: "modify", at: to, entry });
  return [
    ...renames.map(asRename),
    ...deletions.toSorted((one, other) => other.depth - one.depth).flatMap(deletion),
    ...creations.toSorted((one, other) => one.depth - other.depth).flatMap(creation),
    ...touches,
  ];
}

function matched(states: readonly NameState[]): readonly Matched[] {
  const gone = new Map<number, NameState[]>();
  for (const state of states) {
    const { before, now } = state;
    if (!before || (now && isSameFile(before, now))) continue;
    const others = gone.get(before.qid.path);
    if (others) others.push(state);
    else gone.set(before.qid.path, [state]);
  }
  if (gone.size === 0) return [];
  return states.flatMap((to) => {
    const entry = to.now;
    if (!entry || (to.before && isSameFile(to.before, entry))) return [];
    const candidates = gone.get(entry.qid.path) ?? [];
    const at = candidates.findIndex(({ before }) => before && isSameFile(before, entry));
    const [from] = at < 0 ? [] : candidates.splice(at, 1);
    return from ? [{ from, to, entry }] : [];
  });
}

/** Directories from the top down, so that what is in them has its new path; then so that no rename takes a name that another still needs. */
function inOrder(renames: readonly Matched[]): readonly Matched[] {
  const waiting = new Map(renames.map((rename) => [rename.from, rename]));
  const ordered: Matched[] = [];
  const add = (rename: Matched): void => {
    if (!waiting.delete(rename.from)) return;
    const inTheWay = waiting.get(rename.to);
    if (inTheWay) add(inTheWay);
    ordered.push(rename);
  };
  const byDepth = renames.toSorted(
    (one, other) =>
      Number(isDirectory(other.entry)) - Number(isDirectory(one.entry)) || one.from.depth - other.from.depth,
  );
  for (const rename of byDepth) add(rename);
  return ordered;
}

function asRename({ from, to, entry }: Matched): Rename {
  return { kind: "rename", from, to, entry, replaced: to.before };
}

function deletion(state: NameState): Change[] {
  return state.before ? [{ kind: "delete", at: state, entry: state.before }] : [];
}

/** Whoever waits for the content of a new file is told that it has been written. */
function creation(state: NameState): Change[] {
  const entry = state.now;
  if (!entry) return [];
  const created: Change = { kind: "create", at: state, entry };
  return isRegular(entry) && entry.size > 0 ? [created, { kind: "modify", at: state, entry }] : [created];
}
