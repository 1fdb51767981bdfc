import { expect } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  type FileSystem,
  FrameSplitter,
  serve,
} from "../../src/fs-9p/index.ts";
import { MessageMaker, mutated } from "../unit/fs-9p/message-maker.ts";
import { settle } from "./bytes.ts";
import { duplexPair } from "./duplex-pair.ts";

/** The names of the messages in received bytes. */
export function namesIn(received: Buffer): Set<string> {
  const found = new Set<string>();
  const splitter = new FrameSplitter(8192, (bytes, start, end) => {
    const message = decodeMessage(Buffer.from(bytes.subarray(start, end)));
    if (!message) throw new Error("the server sent what is no message");
    found.add(message.name);
  });
  splitter.push(received);
  return found;
}

/** Of what a client asks for, what has to have succeeded for an attack to have been one. */
export const successes = [
  "Rattach",
  "Rwalk",
  "Rlopen",
  "Rlcreate",
  "Rread",
  "Rwrite",
  "Rreaddir",
  "Rgetattr",
  "Rsetattr",
];
/** The same, of what changes names. */
export const successesOfNames = [
  "Rmkdir",
  "Rsymlink",
  "Rreadlink",
  "Rrenameat",
  "Runlinkat",
  "Rremove",
  "Rclunk",
  "Rlink",
];

/** One hostile client: whole messages, mutated ones and noise, against a session that began well. */
export async function attack(
  fileSystem: FileSystem,
  random: () => number,
  hostileNames: readonly string[] = [],
): Promise<Buffer> {
  const defects: unknown[] = [];
  const [near, far] = duplexPair();
  const session = serve(far, fileSystem, { maxFids: 50, onDefect: (error) => defects.push(error) });
  const received: Buffer[] = [];
  near.on("data", (chunk: Buffer) => received.push(Buffer.from(chunk)));
  near.on("error", () => {});
  const maker = new MessageMaker(random, hostileNames);
  near.write(encodeMessage("Tversion", 0xffff, { msize: 8192, version: "9P2000.L" }));
  for (const fid of [0, 1])
    near.write(encodeMessage("Tattach", fid, { fid, afid: 0xffff_ffff, uname: "", aname: "", nUname: 0 }));
  const count = 1 + Math.floor(random() * 300);
  const hostile = random() < 0.5 ? 0 : 0.1;
  for (let index = 0; index < count && !near.destroyed; index += 1) {
    near.write(random() >= hostile ? maker.request() : mutated(maker.request(), random));
    if (random() < 0.05) await settle(1);
  }
  await settle(2);
  near.destroy();
  await session.closed;
  expect(session.fidCount).toBe(0);
  expect(defects).toEqual([]);
  return Buffer.concat(received);
}
