import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { elfNeeds } from "./elf.ts";
import { ScriptError } from "./script-error.ts";

/** Where Debian's packages put shared libraries for x86-64. */
const LIBRARY_FOLDERS = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64"];
/** Folders that are links into /usr on a system of today, though packages still name them. */
const MERGED = /^\/(bin|sbin|lib|lib64)\//;

/**
 * Picks files out of unpacked packages into one root: the files asked for, what those link to, and the libraries that they
 * need. It remembers which package gave something, so that its licence can come along.
 */
export class ImageTree {
  readonly #root: string;
  /** Package name → where it is unpacked. */
  readonly #packages: ReadonlyMap<string, string>;
  readonly #givers = new Set<string>();

  constructor(root: string, packages: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#packages = packages;
  }

  /** The packages that gave a file, sorted. */
  get givers(): string[] {
    return [...this.#givers].sort();
  }

  /** Adds a file of a package, under the path that the package gives it. */
  addFile(name: string, path: string): void {
    const found = join(this.#unpacked(name), path);
    if (!exists(found)) {
      throw new ScriptError(
        `${name} has no ${path}`,
        "correct guest/image/packages.txt; dpkg-deb --contents lists a package",
      );
    }
    const target = join(this.#root, merged(path));
    if (exists(target)) return;
    this.#givers.add(name);
    mkdirSync(dirname(target), { recursive: true });
    if (lstatSync(found).isSymbolicLink()) {
      const link = readlinkSync(found);
      symlinkSync(link, target);
      const next = link.startsWith("/") ? link : normalize(join(dirname(path), link));
      this.addFile(this.#giverOf(next, name), next);
      return;
    }
    copyFileSync(found, target);
    this.#addNeeds(found, path);
  }

  /** Adds the copyright file of each package that gave something; returns package → path in the image. */
  addLicences(): Map<string, string> {
    const licences = new Map<string, string>();
    for (const name of this.givers) {
      const path = `/usr/share/doc/${name}/copyright`;
      // Packages of one source share a folder by a link, such as libgcc-s1's to gcc-12-base.
      const shared = `/usr/share/doc/${this.#docFolder(name)}/copyright`;
      const found = join(this.#unpacked(this.#docFolder(name)), shared);
      if (!existsSync(found)) throw new Error(`no licence file for ${name}: ${found}`);
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      copyFileSync(found, join(this.#root, path));
      licences.set(name, path);
    }
    return licences;
  }

  #addNeeds(found: string, path: string): void {
    const needs = elfNeeds(readFileSync(found));
    if (!needs) return;
    for (const library of needs.libraries) this.#addLibrary(library, path);
    if (needs.interpreter !== undefined) {
      this.addFile(this.#giverOf(needs.interpreter, path), needs.interpreter);
    }
  }

  #addLibrary(library: string, neededBy: string): void {
    for (const folder of LIBRARY_FOLDERS) {
      const path = join(folder, library);
      for (const [name, unpacked] of this.#packages) {
        if (exists(join(unpacked, path))) return this.addFile(name, path);
      }
    }
    throw new ScriptError(
      `${neededBy} needs ${library}, which no package that it depends on brings`,
      "name the package and the library's path in guest/image/packages.txt",
    );
  }

  /** The package with this path; `askedBy` says who wants it. */
  #giverOf(path: string, askedBy: string): string {
    if (this.#packages.has(askedBy) && exists(join(this.#unpacked(askedBy), path))) return askedBy;
    for (const [name, unpacked] of this.#packages) if (exists(join(unpacked, path))) return name;
    throw new ScriptError(
      `no package brings ${path}, wanted by ${askedBy}`,
      "name its package in guest/image/packages.txt",
    );
  }

  #docFolder(name: string): string {
    const folder = join(this.#unpacked(name), "usr/share/doc", name);
    return exists(folder) && lstatSync(folder).isSymbolicLink() ? basename(readlinkSync(folder)) : name;
  }

  #unpacked(name: string): string {
    const folder = this.#packages.get(name);
    if (folder === undefined) throw new Error(`the package ${name} was not unpacked`);
    return folder;
  }
}

/** Where a path is in a system whose /bin, /sbin and /lib are links into /usr. */
export function merged(path: string): string {
  return MERGED.test(path) ? `/usr${path}` : path;
}

/** As existsSync, but true for a link that leads nowhere: links are resolved in the image, not here. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
