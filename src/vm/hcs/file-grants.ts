import type { HcsModule } from "../../../native/hcs/native.d.ts";
import type { Logger } from "../../base/log.ts";
import { documentOf, failed, failedWith } from "./outcome.ts";

const ACCESS_DENIED = 0x80070005;

export interface GrantRequest {
  readonly path: string;
  /** Read by everybody as a rule, so that a grant that we may not make is not needed either. */
  readonly readOnly: boolean;
}

/**
 * What one machine may open: an entry in each file's access control list, made for this machine's id and taken back
 * with it. What a crash leaves there is an entry for a machine that will never exist again.
 */
export class FileGrants {
  readonly #native: HcsModule;
  readonly #vmId: string;
  readonly #log: Logger;
  /** Path → how often granted: two devices may share a file. */
  readonly #granted = new Map<string, number>();

  constructor(native: HcsModule, vmId: string, log: Logger) {
    this.#native = native;
    this.#vmId = vmId;
    this.#log = log;
  }

  /** HcsGrantVmAccess. Raises `not-found` for a missing file, `permission` for a writable one that is not ours to give. */
  async grant({ path, readOnly }: GrantRequest): Promise<void> {
    const outcome = await this.#native.grantVmAccess(this.#vmId, path);
    if (readOnly && failedWith(outcome, ACCESS_DENIED)) {
      this.#log.debug("no access granted; it should be readable anyway", { path });
      return;
    }
    documentOf("HcsGrantVmAccess", outcome);
    this.#granted.set(path, (this.#granted.get(path) ?? 0) + 1);
  }

  /** HcsRevokeVmAccess, when nothing else of the machine uses the file. Never fails: what remains does no harm. */
  async revoke(path: string): Promise<void> {
    const uses = this.#granted.get(path) ?? 0;
    if (uses > 1) {
      this.#granted.set(path, uses - 1);
      return;
    }
    if (!this.#granted.delete(path)) return;
    const outcome = await this.#native.revokeVmAccess(this.#vmId, path);
    if (failed(outcome)) this.#log.debug("access not revoked", { path, hresult: outcome.hresult });
  }

  async revokeAll(): Promise<void> {
    const paths = [...this.#granted.keys()];
    for (const path of paths) this.#granted.set(path, 1);
    await Promise.all(paths.map((path) => this.revoke(path)));
  }
}
