/**
 * 9P2000.L for Node: the protocol of Linux's v9fs and of diod, as a library that knows nothing of what it is used for.
 *
 * - {@link FileSystem} is the port: what a server serves and what a client shows.
 * - {@link serve} serves one over a stream; {@link Client} speaks to a server, and {@link fileSystemThrough} makes the port of it.
 * - {@link HostDisk} is a folder of this host, {@link MemoryFileSystem} one in memory; {@link readOnly},
 *   {@link presented} and {@link replayed} change how another one looks, {@link observed} tells what is done to it.
 * - The codec does no I/O: {@link FrameSplitter}, {@link decodeMessage}, {@link encodeMessage}, {@link formatMessage}.
 *
 * See docs/files-9p.md.
 */
export { Client } from "./client/client.ts";
export type { ClientOptions } from "./client/options.ts";
export { fileSystemThrough } from "./client/through.ts";
export { decodeMessage, type Message } from "./codec/decode.ts";
export { encodeMessage } from "./codec/encode.ts";
export { FrameSplitter } from "./codec/framing.ts";
export { type Body, type MessageName, messages } from "./codec/messages.ts";
export { formatMessage } from "./codec/trace.ts";
export { observed, type Observer } from "./decorators/observed.ts";
export { presented, type Presentation } from "./decorators/presented.ts";
export { readOnly } from "./decorators/read-only.ts";
export { replayed } from "./decorators/replayed.ts";
export { ReplayScript, type ReplayStep } from "./decorators/replay-script.ts";
export type { Errno } from "./errors/errno.ts";
export { FileError } from "./errors/file-error.ts";
export { toFileError } from "./errors/to-file-error.ts";
export type * from "./file-system.ts";
export { HostDisk, type HostDiskOptions } from "./host-disk/file-system.ts";
export type { HostDirectory } from "./host-disk/host-directory.ts";
export { QidTable } from "./host-disk/qid-paths.ts";
export type { NameWatch, OnName } from "./host-disk/watch-names.ts";
export type { DrvfsOptions } from "./host-disk/windows/drvfs-options.ts";
export type { LockRequest, LockStatus } from "./locks.ts";
export { MemoryFileSystem } from "./memory/file-system.ts";
export { nameFromText, textFromName } from "./names.ts";
export type { ServeOptions } from "./server/options.ts";
export { serve, type Served } from "./server/serve.ts";
