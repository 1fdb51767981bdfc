import { randomUUID } from "node:crypto";
import type { Devices } from "../hcs-types.ts";
import { escapeValue, option } from "./option.ts";

/** File descriptor of the first service stream in QEMU's process; 0 to 2 are QMP and stderr. */
export const FIRST_LINK_FD = 3;

/** A byte stream between QEMU and us, as QEMU's command line names it. */
export type Channel =
  /** A socket that QEMU inherits. */
  | { readonly kind: "descriptor"; readonly fd: number }
  /** A unix socket that somebody listens on. */
  | { readonly kind: "socket"; readonly path: string }
  /** `\\.\pipe\NAME`, which QEMU makes, and waits for us on before it goes on. */
  | { readonly kind: "pipe"; readonly name: string };

/** The channels of one machine: QEMU opens the console first, then the services in the document's order. */
export interface Channels {
  /** Undefined for a document without a console. */
  readonly console: Channel | undefined;
  readonly services: readonly Channel[];
}

/** The id of a service's character device in QEMU, by its place in the document's ServiceTable. */
export function serviceChardev(index: number): string {
  return `service-${index}`;
}

/** Service GUIDs of a document, in the order of their channels. */
export function serviceIds(devices: Devices): readonly string[] {
  return Object.keys(devices.HvSocket?.HvSocketConfig.ServiceTable ?? {});
}

/** Inherited sockets, of which nothing appears in the file system; the console is where the document says. */
export function unixChannels(devices: Devices): Channels {
  const path = consolePath(devices);
  return {
    console: path === "" ? undefined : { kind: "socket", path },
    services: serviceIds(devices).map((_, index) => ({ kind: "descriptor", fd: FIRST_LINK_FD + index })),
  };
}

/**
 * Named pipes, for Windows: QEMU inherits no sockets there, Node knows no unix sockets, and a TCP port would be open to every user
 * of the host. QEMU gives its pipes Windows's default access list, by which other users (but for administrators) may
 * read and not write, and lets one client in; the name cannot be guessed beforehand.
 */
export function pipeChannels(devices: Devices, machine: string = randomUUID()): Channels {
  const pipe = (name: string): Channel => ({ kind: "pipe", name: `tswsl-qemu-${machine}-${name}` });
  return {
    console: consolePath(devices) === "" ? undefined : pipe("console"),
    services: serviceIds(devices).map((_, index) => pipe(String(index))),
  };
}

/** Where the document wants the console: somebody listens there, and the machine is the client, as on HCS. */
export function consolePath({ ComPorts }: Devices): string {
  return ComPorts?.["0"]?.NamedPipe ?? "";
}

/** The character device with this id, for a channel. */
export function chardev(id: string, channel: Channel): readonly [string, string] {
  switch (channel.kind) {
    case "descriptor":
      return option("chardev", `socket,id=${id},fd=${channel.fd}`);
    case "socket":
      return option("chardev", `socket,id=${id},path=${escapeValue(channel.path)}`);
    case "pipe":
      return option("chardev", `pipe,id=${id},path=${escapeValue(channel.name)}`);
  }
}
