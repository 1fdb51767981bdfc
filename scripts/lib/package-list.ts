export interface WantedPackage {
  name: string;
  /** The files that are wanted of it, as the package names them. */
  paths: string[];
}

/** Reads guest/image/packages.txt: a package and its files on each line, `#` begins a comment. */
export function parsePackageList(text: string): WantedPackage[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", ...paths] = line.split(/\s+/);
      const stray = paths.find((path) => !path.startsWith("/"));
      if (paths.length === 0 || stray !== undefined) {
        throw new Error(`packages.txt: "${line}" should be a package and paths that begin with a slash`);
      }
      return { name, paths };
    });
}
