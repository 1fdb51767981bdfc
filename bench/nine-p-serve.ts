/** Serves a folder on a unix socket, as a process of its own: `node bench/nine-p-serve.ts SOCKET FOLDER`. */
import { createServer } from "node:net";
import { HostDisk, serve } from "../src/fs-9p/index.ts";

const [socket = "", folder = ""] = process.argv.slice(2);
const disk = new HostDisk(folder);
createServer((stream) => serve(stream, disk)).listen(socket);
