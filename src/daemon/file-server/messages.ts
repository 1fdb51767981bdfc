import type { WireError } from "../../base/errors.ts";
import type { ReplayEvent } from "../../protocol/guest.ts";
import type { HostFolderPolicy } from "../../distro/host-folders/policy.ts";
import type { StreamAddress } from "../../vm/stream-address.ts";

/** What the daemon tells the thread that serves files. */
export type ToFileServer =
  | { readonly kind: "serve"; readonly address: StreamAddress; readonly policy: HostFolderPolicy }
  | { readonly kind: "allow"; readonly policy: HostFolderPolicy }
  /** The guest watches these files, by their qid paths. */
  | { readonly kind: "watch"; readonly files: readonly number[] }
  /** The last changes have been told to the guest, or cannot be. */
  | { readonly kind: "replayed"; readonly told: boolean };

/** What the thread tells the daemon. */
export type FromFileServer =
  /** The stream is open, and what comes on it is answered. */
  | { readonly kind: "serving" }
  /** The stream could not be opened. */
  | { readonly kind: "failed"; readonly error: WireError }
  /** The stream has ended. */
  | { readonly kind: "ended"; readonly reason: string }
  /** The host has changed what the guest watches: to be replayed, and then answered with `replayed`. */
  | { readonly kind: "changes"; readonly events: readonly ReplayEvent[] }
  /** The guest has come to files. */
  | { readonly kind: "walked" };
