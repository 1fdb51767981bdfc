import type { Duplex } from "node:stream";
import { daemonContract, type ClientHeader } from "../../protocol/daemon.ts";
import { encodeJsonFrame, FrameType } from "../../protocol/frames.ts";
import { contractClient, RpcConnection } from "../../protocol/rpc.ts";
import type { DaemonClient } from "./daemon-client.ts";

/** The connection for requests. */
export interface ControlConnection extends Pick<DaemonClient, "call"> {
  close(): void;
}

/** Makes a fresh connection the one for requests; it owns the stream from then on. */
export function openControl(stream: Duplex): ControlConnection {
  const header: ClientHeader = { kind: "rpc" };
  stream.write(encodeJsonFrame(FrameType.header, header));
  const connection = new RpcConnection(stream);
  const client = contractClient(connection, daemonContract);
  return {
    call: async (method, params, options) => client.call(method, params, options),
    close: () => connection.close(),
  };
}
