import { NO_FID, type Body, type ReplyName } from "../codec/messages.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { Connection } from "./connection.ts";
import { Numbers } from "./numbers.ts";

/** Requests that make a fid. */
type Making = "Tattach" | "Twalk" | "Txattrwalk";

/** The fids of a client: numbers, and what makes and ends them on the server. */
export class Fids {
  readonly #connection: Connection;
  readonly #numbers = new Numbers(NO_FID, "files");

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Fids the server has from us, or may have. */
  get count(): number {
    return this.#numbers.taken;
  }

  /** Makes a fid by a request. Rejects with a FileError, and there is none then. */
  async make<N extends Making>(
    name: N,
    body: (fid: number) => Body<N>,
  ): Promise<readonly [number, Body<ReplyName<N>>]> {
    let fid: number | undefined;
    try {
      fid = this.#numbers.take();
      const made = fid;
      const answer = await this.#connection.request(name, body(fid), {
        late: (answer) => {
          if (answer) void this.clunk(made);
          else this.#numbers.giveBack(made);
        },
      });
      return [fid, answer];
    } catch (error) {
      // A request that was given up may still make its fid: the number is out until that is known.
      const refused = toFileError(error);
      if (fid !== undefined && refused === error) this.#numbers.giveBack(fid);
      throw refused;
    }
  }

  /** The number is free: the server has ended the fid by itself, or never made it. */
  giveBack(fid: number): void {
    this.#numbers.giveBack(fid);
  }

  /** Rejects with a FileError when the server says so; the fid is gone in any case. */
  async clunk(fid: number): Promise<void> {
    try {
      await this.#connection.request("Tclunk", { fid });
    } catch (error) {
      throw toFileError(error);
    } finally {
      this.#numbers.giveBack(fid);
    }
  }
}
