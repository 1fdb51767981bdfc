/** JSON-RPC for both contracts: the edge of the rpc-*.ts files. */
export { type ContractClient, contractClient } from "./rpc-client.ts";
export { RpcConnection } from "./rpc-connection.ts";
export { type Handlers, serveContract } from "./rpc-server.ts";
