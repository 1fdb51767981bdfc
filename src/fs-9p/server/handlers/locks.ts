import { chain } from "../../awaitable.ts";
import { lockRequest, lockStatusNumbers, wireLock } from "../../codec/locks.ts";
import type { Body } from "../../codec/messages.ts";
import type { Awaitable } from "../../file-system.ts";
import type { Connection } from "../connection.ts";

/** Never waits, whatever the flags say: Linux's client asks again while it is told `blocked`. */
export function lock({ fids }: Connection, body: Body<"Tlock">): Awaitable<Body<"Rlock">> {
  const status = fids.get(body.fid).opened.lock(lockRequest(body));
  return chain(status, (status) => ({ status: lockStatusNumbers[status] }));
}

export function getlock({ fids }: Connection, body: Body<"Tgetlock">): Awaitable<Body<"Rgetlock">> {
  return chain(fids.get(body.fid).opened.getlock(lockRequest(body)), wireLock);
}
