/** HV_GUID_VSOCK_TEMPLATE without its first field, which carries the port (Hyper-V sockets, "Make an integration service"). */
const template = "-facb-11e6-bd58-64006a7986d3";

/** The service GUID of an AF_VSOCK port, as it stands in `HvSocketConfig.ServiceTable`. `port` is at most 0x7FFFFFFF. */
export function hvSocketServiceId(port: number): string {
  return port.toString(16).padStart(8, "0") + template;
}
