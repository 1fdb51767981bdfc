import { pathOfName } from "../../../distro/host-folders/export-name.ts";
import type { ReplayStep } from "../../../fs-9p/index.ts";
import { nameFromText, textFromName } from "../../../fs-9p/index.ts";
import { HOST_FILES_PATH, type ReplayEvent } from "../../../protocol/guest.ts";
import type { Change, NamePlace } from "./differences.ts";
import { asRegular, attributesOf, isDirectory } from "./entry.ts";
import type { KnownFiles } from "./known-files.ts";

/** One change as the guest is told of it, and as it is shown to it meanwhile. */
export interface ToldChange {
  readonly event: ReplayEvent;
  readonly steps: readonly ReplayStep[];
}

/** Undefined for what cannot be told: names that are not UTF-8, and places that are not known any more. */
export function toldChange(change: Change, known: KnownFiles): ToldChange | undefined {
  const directory = isDirectory(change.entry);
  if (change.kind === "rename") {
    const path = pathOf(change.from, known);
    const to = pathOf(change.to, known);
    if (path === undefined || to === undefined) return undefined;
    const file = attributesOf(change.entry);
    const replaced = change.replaced && attributesOf(change.replaced);
    const steps = [
      { ...placeOf(change.from), before: file, after: undefined },
      { ...placeOf(change.to), before: replaced, after: file },
    ];
    return { event: { op: "rename", path, to, directory }, steps };
  }
  const path = pathOf(change.at, known);
  if (path === undefined) return undefined;
  const event = { op: change.kind, path, directory };
  const file = attributesOf(change.kind === "create" ? asRegular(change.entry) : change.entry);
  return {
    event,
    steps: [
      {
        ...placeOf(change.at),
        before: change.kind === "create" ? undefined : file,
        after: change.kind === "delete" ? undefined : file,
      },
    ],
  };
}

function placeOf({ directory, name }: NamePlace): NamePlace {
  return { directory, name };
}

function pathOf({ directory, name }: NamePlace, known: KnownFiles): string | undefined {
  const place = known.placeOf(directory);
  if (!place) return undefined;
  const names = [...place.names, name];
  const texts = names.map(textFromName);
  if (texts.some((text, at) => nameFromText(text) !== names[at])) return undefined;
  return [HOST_FILES_PATH, pathOfName(place.asked), ...texts].join("/");
}
