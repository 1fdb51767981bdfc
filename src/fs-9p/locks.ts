import { FileError } from "./errors/file-error.ts";

/** A POSIX record lock, or the wish for one, as Tlock says it. */
export interface LockRequest {
  readonly type: "read" | "write" | "unlock";
  readonly start: number;
  /** 0 reaches to the end of the file, however long it grows. */
  readonly length: number;
  /** Of the client's process; with the client's id it names the owner. */
  readonly processId: number;
  readonly clientId: string;
}

export type LockStatus = "success" | "blocked";

interface Held {
  readonly type: "read" | "write";
  readonly start: number;
  readonly end: number;
  readonly processId: number;
  readonly clientId: string;
  /** The open file it was taken through, with which it goes. */
  readonly holder: object;
}

type Asked = LockRequest & Pick<Held, "holder">;

/** All locks of a file system together; a hostile client must not fill the memory with one-byte locks. */
const MAX_LOCKS = 10_000;

/**
 * POSIX record locks (fcntl(2)) between the clients of one file system. Programs on the serving host do not see them: Node
 * has no way to take the kernel's.
 */
export class LockTable {
  readonly #files = new Map<number, Held[]>();
  #count = 0;

  /** Takes, changes or gives up a range of the file with this qid path. ENOLCK when there are too many. */
  set(path: number, holder: object, request: LockRequest): LockStatus {
    const held = this.#files.get(path) ?? [];
    const asked = { ...request, holder };
    if (request.type !== "unlock" && held.some((lock) => conflicts(lock, asked))) return "blocked";
    const rest = held.flatMap((lock) => (sameOwner(lock, asked) ? without(lock, request) : [lock]));
    if (request.type !== "unlock") {
      const { type, start, processId, clientId } = request;
      rest.push({ type, start, end: endOf(request), processId, clientId, holder });
    }
    if (rest.length > held.length && this.#count + rest.length - held.length > MAX_LOCKS)
      throw new FileError("ENOLCK");
    this.#replace(path, held, rest);
    return "success";
  }

  /** The first lock in the way, or the request with type `unlock`. */
  test(path: number, holder: object, request: LockRequest): LockRequest {
    const found = this.#files.get(path)?.find((lock) => conflicts(lock, { ...request, holder }));
    if (!found) return { ...request, type: "unlock" };
    const { type, start, end, processId, clientId } = found;
    return { type, start, length: end === Infinity ? 0 : end - start, processId, clientId };
  }

  /** The holder closes. */
  release(path: number, holder: object): void {
    const held = this.#files.get(path);
    if (held)
      this.#replace(
        path,
        held,
        held.filter((lock) => lock.holder !== holder),
      );
  }

  #replace(path: number, before: readonly Held[], after: Held[]): void {
    this.#count += after.length - before.length;
    if (after.length === 0) this.#files.delete(path);
    else this.#files.set(path, after);
  }
}

const endOf = ({ start, length }: LockRequest): number => (length === 0 ? Infinity : start + length);

/**
 * A process, or all that share an open file: on the wire flock(2) is a lock like any other, and what one process has locked
 * another may unlock (`flock 9; …; flock -u 9` of a shell). That processes which share an open file exclude each other by
 * fcntl(2) is seen to by the kernel that they run on.
 */
const sameOwner = (held: Held, request: Asked): boolean =>
  held.holder === request.holder ||
  (held.processId === request.processId && held.clientId === request.clientId);

const overlaps = (held: Held, request: LockRequest): boolean =>
  held.start < endOf(request) && request.start < held.end;

const conflicts = (held: Held, request: Asked): boolean =>
  overlaps(held, request) && !sameOwner(held, request) && (held.type === "write" || request.type === "write");

/** What is left of a lock around the request's range: nothing, one end or both. */
function without(held: Held, request: LockRequest): Held[] {
  if (!overlaps(held, request)) return [held];
  const end = endOf(request);
  return [
    ...(held.start < request.start ? [{ ...held, end: request.start }] : []),
    ...(end < held.end ? [{ ...held, start: end }] : []),
  ];
}
