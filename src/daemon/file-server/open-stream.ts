import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { loadNativeAddon } from "../../base/windows/native-addon.ts";
import { dialGuest } from "../../vm/hcs/dial-guest.ts";
import { HvSocketStream } from "../../vm/hcs/hv-socket-stream.ts";
import type { StreamAddress } from "../../vm/stream-address.ts";

/** Opens the stream at an address, in this thread. */
export async function openStream(address: StreamAddress, signal: AbortSignal): Promise<Duplex> {
  if (address.kind === "socket") {
    const socket = connect(address.path);
    await once(socket, "connect", { signal });
    return socket;
  }
  // What it exports, by its own declaration.
  const vmp = loadNativeAddon("vmp") as VmpModule;
  return new HvSocketStream(await dialGuest(vmp, address, signal));
}
