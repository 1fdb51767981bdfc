import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "../../base/log.ts";
import type { Channel, Channels } from "./channels.ts";
import { connectPipes } from "./connect-pipes.ts";
import type { QemuProcess } from "./launch.ts";

/** The place of every named pipe of Windows; QEMU puts it before a pipe's name by itself. */
const PIPES = "\\\\.\\pipe\\";

export interface OpenChannelsOptions {
  readonly channels: Channels;
  readonly process: QemuProcess;
  /** Where the document wants the console. */
  readonly console: string;
  readonly log: Logger;
}

/**
 * Our ends of the services' streams, in the order of the document. Inherited sockets are there from the start; pipes are
 * connected to, and the console's is joined to where the document wants it, since QEMU can only be the pipe's server and
 * HCS's machines are the client.
 */
export async function openChannels(
  options: OpenChannelsOptions,
  signal: AbortSignal,
): Promise<readonly Duplex[]> {
  const { channels, process } = options;
  const all = channels.console ? [channels.console, ...channels.services] : channels.services;
  const paths = all.flatMap(pipePath);
  if (paths.length === 0) return process.links;
  const sockets = await connectPipes({ paths, exited: process.exited }, signal);
  if (channels.console === undefined) return sockets;
  const [console, ...services] = sockets;
  if (console) joinConsole(console, options);
  return services;
}

function pipePath(channel: Channel): readonly string[] {
  return channel.kind === "pipe" ? [`${PIPES}${channel.name}`] : [];
}

function joinConsole(console: Socket, { console: path, log }: OpenChannelsOptions): void {
  const listener = connect(path);
  // The console is for reading about a machine; one that cannot be shown must not stop it.
  listener.on("error", (error) => log.warn("the console is not shown", { path, error }));
  listener.once("close", () => console.resume());
  console.pipe(listener);
}
