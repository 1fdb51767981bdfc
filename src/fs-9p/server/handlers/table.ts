import { type AnyBody, type Body, messages, type ReplyName, type RequestName } from "../../codec/messages.ts";
import type { Awaitable } from "../../file-system.ts";
import type { Connection } from "../connection.ts";
import { attach, auth, walk } from "./attach-and-walk.ts";
import { getattr, setattr, statfs } from "./attributes.ts";
import { read, readdir, write } from "./data.ts";
import { getlock, lock } from "./locks.ts";
import { link, mkdir, mknod, readlink, rename, renameat, symlink, unlinkat } from "./names.ts";
import { clunk, fsync, lcreate, lopen, remove } from "./open.ts";
import { xattrcreate, xattrwalk } from "./xattrs.ts";

type Handler<N extends RequestName> = (
  connection: Connection,
  body: Body<N>,
) => Awaitable<Body<ReplyName<N>>>;

/** Requests whose answer is a payload, which they write where it will be sent from. */
type PayloadRequest = "Tread" | "Treaddir";
type PayloadHandler<N extends PayloadRequest> = (
  connection: Connection,
  body: Body<N>,
  into: Buffer,
) => Awaitable<number>;

/** Requests about the session itself, which it answers alone. */
type SessionRequest = "Tversion" | "Tflush";

const handlers: { readonly [N in Exclude<RequestName, PayloadRequest | SessionRequest>]: Handler<N> } = {
  Tattach: attach,
  Tauth: auth,
  Tclunk: clunk,
  Tfsync: fsync,
  Tgetattr: getattr,
  Tgetlock: getlock,
  Tlcreate: lcreate,
  Tlink: link,
  Tlock: lock,
  Tlopen: lopen,
  Tmkdir: mkdir,
  Tmknod: mknod,
  Treadlink: readlink,
  Tremove: remove,
  Trename: rename,
  Trenameat: renameat,
  Tsetattr: setattr,
  Tstatfs: statfs,
  Tsymlink: symlink,
  Tunlinkat: unlinkat,
  Twalk: walk,
  Twrite: write,
  Txattrcreate: xattrcreate,
  Txattrwalk: xattrwalk,
};
const payloadHandlers: { readonly [N in PayloadRequest]: PayloadHandler<N> } = {
  Tread: read,
  Treaddir: readdir,
};

export type AnyHandler = (connection: Connection, body: AnyBody) => Awaitable<AnyBody>;
export type AnyPayloadHandler = (connection: Connection, body: AnyBody, into: Buffer) => Awaitable<number>;

/** By message number. The body given to a handler has been decoded by the layout of the same number. */
export const handlerOf: readonly (AnyHandler | undefined)[] = byNumber<AnyHandler>(handlers);
export const payloadHandlerOf: readonly (AnyPayloadHandler | undefined)[] =
  byNumber<AnyPayloadHandler>(payloadHandlers);

function byNumber<H>(table: object): (H | undefined)[] {
  const numbers: (H | undefined)[] = Array.from({ length: 256 });
  // The tables above are keyed by request names and hold handlers of such requests.
  for (const [name, handler] of Object.entries(table) as [RequestName, H][])
    numbers[messages[name].number] = handler;
  return numbers;
}
