import { attempt, chain, isPromise } from "../awaitable.ts";
import { NO_FID } from "../codec/messages.ts";
import { FileError } from "../errors/file-error.ts";
import type { Awaitable, OpenFile } from "../file-system.ts";
import type { Fid } from "./fid.ts";

/** Each holds up to 64 KiB. */
const MAX_XATTR_FIDS = 64;

/** The fids of one session, from one Tversion to the next. */
export class FidTable {
  readonly #limit: number;
  readonly #openLimit: number;
  /** Undefined for one that a request under way will fill. */
  readonly #fids = new Map<number, Fid | undefined>();
  readonly #open = new Set<Fid>();
  #xattrs = 0;
  #closed = false;

  constructor(limit: number, openLimit: number) {
    this.#limit = limit;
    this.#openLimit = openLimit;
  }

  get size(): number {
    return this.#fids.size;
  }

  /** EBADF for a number that is none, or not yet. */
  get(number: number): Fid {
    const fid = this.#fids.get(number);
    if (!fid) throw new FileError("EBADF");
    return fid;
  }

  /**
   * Gives a new fid to what `make` gives; the number is taken from now on. EBADF when it is in use, EMFILE when there are
   * too many.
   */
  fill(number: number, make: () => Awaitable<Fid>): Awaitable<Fid> {
    if (number === NO_FID || this.#fids.has(number)) throw new FileError("EBADF");
    if (this.#fids.size >= this.#limit) throw new FileError("EMFILE");
    const made = make();
    if (!isPromise(made)) {
      this.#fids.set(number, made);
      return made;
    }
    this.#fids.set(number, undefined);
    return made.then(
      (fid) => this.#arrived(number, fid),
      (error: unknown) => {
        this.#fids.delete(number);
        throw error;
      },
    );
  }

  /** Opens a fid by `work`. EMFILE when too many are open. */
  open(fid: Fid, work: () => Awaitable<OpenFile>): Awaitable<OpenFile> {
    if (this.#open.size >= this.#openLimit) throw new FileError("EMFILE");
    fid.checkUnopened();
    this.#open.add(fid);
    return attempt(
      () => fid.open(work),
      (error) => {
        this.#open.delete(fid);
        throw error;
      },
    );
  }

  /** One more fid will hold an extended attribute's value, until it is taken. EMFILE when there are too many. */
  countXattr(): void {
    if (this.#xattrs >= MAX_XATTR_FIDS) throw new FileError("EMFILE");
    this.#xattrs += 1;
  }

  /** Takes the fid out of the table: the caller closes it. */
  take(number: number): Fid {
    const fid = this.get(number);
    this.#fids.delete(number);
    this.#open.delete(fid);
    if (fid.xattr) this.#xattrs -= 1;
    return fid;
  }

  /** Takes all of them out; one that is still being made is closed when it comes. */
  takeAll(): Fid[] {
    const fids = [...this.#fids.values()].filter((fid) => fid !== undefined);
    this.#fids.clear();
    this.#closed = true;
    return fids;
  }

  #arrived(number: number, fid: Fid): Awaitable<Fid> {
    if (this.#closed)
      return chain(fid.close(), () => {
        throw new FileError("EBADF");
      });
    this.#fids.set(number, fid);
    return fid;
  }
}
