import type { FileDetails, FileEntry, FileType } from "../../protocol/files.ts";
import { formatColumns } from "../output/columns.ts";
import { fileNameJson, fileNameText, printableFileName } from "../output/file-names.ts";

/** What is at one of the places that were asked for. */
export interface Listing {
  /** As it was typed. */
  readonly path: string;
  readonly distro: string;
  readonly type: FileType;
  readonly entries: readonly FileEntry[];
}

export interface ListingStyle {
  readonly long: boolean;
  readonly all: boolean;
}

const typeLetters: Readonly<Record<FileType, string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  fifo: "p",
  socket: "s",
  character: "c",
  block: "b",
  unknown: "?",
};

/** `width` is the terminal's; undefined elsewhere, for one name on each line. */
export function listingLines(
  listings: readonly Listing[],
  style: ListingStyle,
  width: number | undefined,
): string[] {
  return listings.flatMap((listing, index) => {
    const shown = shownEntries(listing, style);
    // A single file is known by the path that was typed.
    const named = listing.type === "directory" ? shown : shown.map((entry) => renamed(entry, listing.path));
    const title =
      listings.length > 1 && listing.type === "directory"
        ? [...(index > 0 ? [""] : []), `${printableFileName(latin1(listing.path))}:`]
        : [];
    const names = named.map(({ name }) => printableFileName(name));
    const body = style.long ? longLines(named) : width === undefined ? names : formatColumns(names, width);
    return [...title, ...body];
  });
}

/** Every place with all that is known of its entries. */
export function listingJson(listings: readonly Listing[], style: ListingStyle): object {
  return {
    listings: listings.map((listing) => ({
      path: listing.path,
      distro: listing.distro,
      type: listing.type,
      entries: shownEntries(listing, style).map(entryJson),
    })),
  };
}

function shownEntries({ type, entries }: Listing, { all }: ListingStyle): readonly FileEntry[] {
  return all || type !== "directory" ? entries : entries.filter(({ name }) => !name.startsWith("."));
}

function renamed(entry: FileEntry, path: string): FileEntry {
  return { ...entry, name: latin1(path) };
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function entryJson({ name, type, details }: FileEntry): object {
  if (details === null) return { ...fileNameJson(name), type, gone: true };
  const { permissions, target, ...rest } = details;
  return {
    ...fileNameJson(name),
    type,
    mode: permissions.toString(8).padStart(4, "0"),
    ...rest,
    target: target === null ? null : (fileNameText(target) ?? fileNameJson(target).name),
  };
}

function longLines(entries: readonly FileEntry[]): string[] {
  const rows = entries.map(({ type, details }) => cells(type, details));
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row, index) => {
    const { name = "", details } = entries[index] ?? {};
    const target = details?.target;
    const padded = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      // Numbers to the right: links and size.
      return column === 1 || column === 4 ? cell.padStart(width) : cell.padEnd(width);
    });
    const link = target === null || target === undefined ? "" : ` -> ${printableFileName(target)}`;
    return `${padded.join(" ")} ${printableFileName(name)}${link}`;
  });
}

function cells(type: FileType, details: FileDetails | null): string[] {
  if (details === null) return [`${typeLetters[type]}?????????`, "?", "?", "?", "?", "?"];
  const { permissions, links, uid, gid, owner, group, size, major, minor, modifiedAt } = details;
  return [
    `${typeLetters[type]}${modeText(permissions)}`,
    `${links}`,
    printableFileName(owner ?? `${uid}`),
    printableFileName(group ?? `${gid}`),
    type === "character" || type === "block" ? `${major}, ${minor}` : `${size}`,
    timeText(modifiedAt),
  ];
}

/** `rwxr-sr-t`. */
function modeText(permissions: number): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = (permissions >> shift) & 7;
    const execute = (bits & 1) !== 0;
    const last =
      (permissions & special) !== 0 ? (execute ? letter : letter.toUpperCase()) : execute ? "x" : "-";
    return `${(bits & 4) !== 0 ? "r" : "-"}${(bits & 2) !== 0 ? "w" : "-"}${last}`;
  };
  return triple(6, 0o4000, "s") + triple(3, 0o2000, "s") + triple(0, 0o1000, "t");
}

/** `2026-11-28 17:40`, here: in the time zone of whoever looks. */
function timeText(iso: string): string {
  const time = new Date(iso);
  const two = (part: number): string => `${part}`.padStart(2, "0");
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}`
  );
}
