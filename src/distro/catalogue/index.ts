/** The list of distributions that can be installed: WSL's schema, read from a URL, a file or the copy we carry. */
export { defaultCatalogueUrl, loadCatalogue, vendoredCatalogue } from "./load.ts";
export { architectureOf, findVersion, imageFor, listEntries } from "./lookup.ts";
