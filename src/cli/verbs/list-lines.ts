import type { DistroSummary } from "../../protocol/daemon.ts";
import type { DaemonResult } from "../daemon/daemon-client.ts";
import { formatTable } from "../output/table.ts";

/** One name per line, the default first, as WSL's plain list has it. */
export function nameLines(distros: readonly DistroSummary[]): string[] {
  return [
    "tswsl distributions:",
    ...defaultFirst(distros).map((distro) => `${distro.name}${remark(distro)}`),
  ];
}

function remark({ default: isDefault, state, problem }: DistroSummary): string {
  if (state === "broken") return ` (Broken: ${problem ?? "reason unknown"})`;
  return isDefault ? " (Default)" : "";
}

/** A table; `*` marks the default. A broken distro's reason follows the table. */
export function detailLines(distros: readonly DistroSummary[]): string[] {
  const ordered = defaultFirst(distros);
  const rows = ordered.map((distro) => [
    `${distro.default ? "*" : " "} ${distro.name}`,
    capitalised(distro.state),
    distro.flavor ?? "-",
    distro.osVersion ?? "-",
    distro.address ?? "-",
  ]);
  const broken = ordered.filter(({ state }) => state === "broken");
  return [
    ...formatTable([["  NAME", "STATE", "FLAVOR", "VERSION", "ADDRESS"], ...rows]),
    ...broken.map(({ name, problem }) => `${name} is broken: ${problem ?? "reason unknown"}`),
  ];
}

/** The catalogue, with the command that installs from it. */
export function catalogueLines({ source, offline, entries }: DaemonResult<"catalogue.list">): string[] {
  const rows = entries.map((entry) => [entry.name, entry.friendlyName, remarkOnEntry(entry)]);
  return [
    "These distributions can be installed with: tswsl install NAME",
    ...(offline ? [`This is the list that came with tswsl: ${source} cannot be reached.`] : []),
    "",
    ...formatTable([["NAME", "FRIENDLY NAME", "FROM"], ...rows]),
  ];
}

function remarkOnEntry({ source }: { readonly source: "download" | "bootstrap" }): string {
  return source === "download" ? "download" : "this host's package sources (--bootstrap)";
}

function defaultFirst(distros: readonly DistroSummary[]): readonly DistroSummary[] {
  return distros.toSorted((left, right) => Number(right.default) - Number(left.default));
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
