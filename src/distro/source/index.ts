/** Where distros come from: the catalogue's images, archives on this host or from a client, mmdebstrap. */
export { BootstrapSource } from "./bootstrap.ts";
export { listBootstrapFlavors } from "./bootstrap/flavors.ts";
export type { DistroSource } from "./distro-source.ts";
export { FileSource } from "./file.ts";
export { UploadSource } from "./upload.ts";
