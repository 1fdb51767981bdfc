import { readFileSync } from "node:fs";
import { join } from "node:path";

const native = join(import.meta.dirname, "../../../native");

export interface Exercised {
  /** Functions of Windows' libraries that the stand-ins were asked for. */
  readonly calls: ReadonlySet<string>;
  /** `hcs.createNetwork`: functions of the addons that JavaScript called. */
  readonly functions: ReadonlySet<string>;
}

/** What the sources bind by name: the library, where it is read, and how a name stands there. */
const libraries = [
  { library: "computecore.dll", file: "hcs/compute_core.h", pattern: /\bX\((Hcs\w+)\)/g },
  { library: "computenetwork.dll", file: "hcs/compute_network.h", pattern: /\bX\((Hcn\w+)\)/g },
  { library: "virtdisk.dll", file: "vmp/virtual_disk.cpp", pattern: /Bind\(disks\.library, "(\w+)"/g },
] as const;

/** Reached through Winsock's AF_HYPERV only, which Wine does not have; the stand-in's sockets are TCP's. */
const neverRun = [
  "WSASocketW, connect, bind and listen with AF_HYPERV; their options HVSOCKET_CONNECT_TIMEOUT and HVSOCKET_CONNECTED_SUSPEND",
  "HvListener.accept and close: nothing listens for a guest without AF_HYPERV",
];

/** The page of docs that says which native entry points have run under Wine. */
export function nativeCoverage({ calls, functions }: Exercised): string {
  const bound = libraries.flatMap(({ library, file, pattern }) =>
    matches(file, pattern).map((name) => row(name, library, calls.has(name))),
  );
  const exported = ["hcs", "vmp"].flatMap((addon) =>
    exportsOf(addon).map((name) => row(name, `${addon}.node`, functions.has(`${addon}.${name}`))),
  );
  return [
    "# Native entry points that have run",
    "",
    "Written by `tests/conformance/compute-service-hcs.test.ts`, which runs them in node.exe under Wine, against the stand-ins that",
    "docs/testing.md describes. None has run on Windows. After a change: `npm run conformance -- compute-service-hcs -u`.",
    "What ntfs.node calls is in [windows.md](windows.md#what-serves-the-hosts-drives).",
    "",
    "## Functions of Windows",
    "",
    "| function | library | under Wine |",
    "|---|---|---|",
    ...bound,
    "",
    "## Functions of the addons",
    "",
    "| function | addon | under Wine |",
    "|---|---|---|",
    ...exported,
    "",
    "## Never run",
    "",
    ...neverRun.map((what) => `- ${what}.`),
    "",
  ].join("\n");
}

const row = (name: string, where: string, ran: boolean): string =>
  `| ${name} | ${where} | ${ran ? "yes" : "no"} |`;

function matches(file: string, pattern: RegExp): readonly string[] {
  const found = [...readFileSync(join(native, file), "utf8").matchAll(pattern)].map(([, name = ""]) => name);
  if (found.length === 0) throw new Error(`${file} binds nothing any more`);
  return found.toSorted();
}

/** The functions of the last interface of native.d.ts, the addon's exports. */
function exportsOf(addon: string): readonly string[] {
  const text = readFileSync(join(native, addon, "native.d.ts"), "utf8");
  const last = text.slice(text.lastIndexOf("export interface"));
  return [...last.matchAll(/^ {2}(\w+)\(/gm)].map(([, name = ""]) => name).toSorted();
}
