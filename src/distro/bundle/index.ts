/** A distro as an OCI runtime bundle. */
export { ociConfig } from "./oci-config.ts";
