import { FileError } from "../../errors/file-error.ts";
import type { HostFile, HostStats } from "../host-directory.ts";
import type { FileFacts } from "./information.ts";
import type { WindowsVolume } from "./volume.ts";
import { APP_ALIAS_CONTENT, windowsStats } from "./windows-stats.ts";

/** An app execution alias of Windows's store: it has no content, and Linux is shown enough of one to tell what it is. */
export class AppAliasFile implements HostFile {
  readonly #volume: WindowsVolume;
  readonly #facts: FileFacts;

  constructor(volume: WindowsVolume, facts: FileFacts) {
    this.#volume = volume;
    this.#facts = facts;
  }

  stat(): HostStats {
    return windowsStats(this.#facts, this.#volume.facts, { options: this.#volume.options });
  }

  read(into: Uint8Array, offset: number): number {
    const content = Buffer.from(APP_ALIAS_CONTENT.slice(offset, offset + into.length));
    into.set(content);
    return content.length;
  }

  write(): never {
    throw new FileError("EACCES");
  }

  change(): never {
    throw new FileError("EACCES");
  }

  async sync(): Promise<void> {}

  reopen(): AppAliasFile {
    return new AppAliasFile(this.#volume, this.#facts);
  }

  close(): void {}
}
