/** The thread that serves the host's folders to the guest. A program of its own: file-server.ts starts it. */
import { parentPort } from "node:worker_threads";
import { asTswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { exportsFileSystem } from "../../distro/host-folders/exports.ts";
import type { HostFolderPolicy } from "../../distro/host-folders/policy.ts";
import { serve, type Served } from "../../fs-9p/index.ts";
import type { StreamAddress } from "../../vm/stream-address.ts";
import { HostChanges } from "./changes/host-changes.ts";
import type { FromFileServer, ToFileServer } from "./messages.ts";
import { OpenFolders } from "./open-folders.ts";
import { openStream } from "./open-stream.ts";

const changes = new HostChanges({
  disk: (asked) => folders.diskOf(asked),
  onChanges: (events) => tell({ kind: "changes", events }),
  onWalked: () => tell({ kind: "walked" }),
});
const folders: OpenFolders = new OpenFolders(changes);
let served: Served | undefined;

function tell(message: FromFileServer): void {
  // A thread's port has no origin; the rule means a window's.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(message);
}

/** What is watched is judged anew: the daemon says again what the guest watches. */
function allow(policy: HostFolderPolicy): void {
  changes.stop();
  folders.allow(policy);
}

async function serveAt(address: StreamAddress, policy: HostFolderPolicy): Promise<void> {
  allow(policy);
  const before = served;
  served = undefined;
  await before?.close();
  const stream = await openStream(address, AbortSignal.timeout(timeouts.filesMount));
  const own = serve(
    stream,
    exportsFileSystem((name, request) => folders.open(name, request)),
  );
  served = own;
  tell({ kind: "serving" });
  const reason = await own.closed;
  // Another stream has taken its place.
  if (served === own) tell({ kind: "ended", reason: reason?.message ?? "the guest has ended it" });
}

// What file-server.ts sends, by its declaration.
parentPort?.on("message", (message: ToFileServer) => {
  if (message.kind === "allow") return allow(message.policy);
  if (message.kind === "watch") return changes.watch(message.files);
  if (message.kind === "replayed") return changes.replayed(message.told);
  serveAt(message.address, message.policy).catch((error: unknown) =>
    tell({ kind: "failed", error: asTswslError(error).toWire() }),
  );
});
