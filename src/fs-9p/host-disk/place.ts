import { FileError } from "../errors/file-error.ts";
import type { DirectoryHandles, HandleOwner } from "./directory-handles.ts";
import type { HostDirectory, HostFile } from "./host-directory.ts";

/**
 * A name in a directory of the host that some node stands for: shared by all nodes that stand for it, so that a rename made
 * through the file system is one change, and a directory has one descriptor, opened when something in it is first wanted.
 * A place holds the directory it is in; it goes when its last user does.
 */
export class Place implements HandleOwner {
  readonly #handles: DirectoryHandles;
  readonly #children = new Map<string, Place>();
  readonly #openFiles = new Set<HostFile>();
  #name: string;
  #parent: Place | undefined;
  #handle: HostDirectory | undefined;
  #users = 1;
  /** The name has been removed or taken by another file. */
  #gone = false;

  private constructor(handles: DirectoryHandles, parent: Place | undefined, name: string) {
    this.#handles = handles;
    this.#parent = parent;
    this.#name = name;
  }

  /** The root's handle is open for as long as the place is. */
  static root(handle: HostDirectory, handles: DirectoryHandles): Place {
    const root = new Place(handles, undefined, "");
    root.#handle = handle;
    return root;
  }

  /** Undefined for the root. */
  get parent(): Place | undefined {
    return this.#parent;
  }

  /** ENOENT when it is gone, EBUSY for the root, which has no name here. */
  named(): { readonly parent: Place; readonly name: string } {
    if (!this.#parent) throw new FileError("EBUSY");
    if (this.#gone) throw new FileError("ENOENT");
    return { parent: this.#parent, name: this.#name };
  }

  /** A file that has been opened here. */
  get openFile(): HostFile | undefined {
    const [file] = this.#openFiles;
    return file;
  }

  /** As {@link openFile}, when the name is gone: programs that have it open still change it, and open it again to map it. */
  get nameless(): HostFile | undefined {
    return this.#gone ? this.openFile : undefined;
  }

  opened(file: HostFile): void {
    this.#openFiles.add(file);
  }

  closed(file: HostFile): void {
    this.#openFiles.delete(file);
  }

  /** The open directory, when it has been opened. */
  get handle(): HostDirectory | undefined {
    return this.#handle;
  }

  /** Opens the directory. ENOTDIR when it is none. */
  directory(): HostDirectory {
    if (this.#handle) return this.#handle;
    const { parent, name } = this.named();
    const handle = parent.directory().openDirectory(name);
    this.#handle = handle;
    this.#handles.add(this);
    return handle;
  }

  /** The place of a name in this directory; the caller is one more user of it. */
  child(name: string): Place {
    const known = this.#children.get(name);
    if (known) return known.use();
    const child = new Place(this.#handles, this.use(), name);
    this.#children.set(name, child);
    return child;
  }

  use(): Place {
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.closeHandle();
    const parent = this.#parent;
    if (!parent) return;
    if (!this.#gone) parent.#children.delete(this.#name);
    parent.release();
  }

  /** Until the directory is wanted again. */
  closeHandle(): void {
    this.#handles.delete(this);
    this.#handle?.close();
    this.#handle = undefined;
  }

  /** Whether it is what has this name in the directory, or lies below that. */
  isWithin(directory: Place, name: string): boolean {
    if (this.#parent === directory && this.#name === name) return true;
    return this.#parent?.isWithin(directory, name) ?? false;
  }

  /** The directories at a name and below it, under any spelling that Windows takes for it, until they are wanted again. */
  closeHandlesAt(name: string): void {
    const spelled = name.toLowerCase();
    for (const [key, child] of this.#children) if (key.toLowerCase() === spelled) child.#closeHandlesBelow();
  }

  #closeHandlesBelow(): void {
    this.closeHandle();
    for (const child of this.#children.values()) child.#closeHandlesBelow();
  }

  /** The name has been removed: nodes that stand for it find nothing any more. */
  lose(name: string): void {
    const child = this.#children.get(name);
    if (!child) return;
    child.#gone = true;
    this.#children.delete(name);
  }

  /** A name of this directory has become another, perhaps in another directory. */
  move(name: string, directory: Place, newName: string): void {
    directory.lose(newName);
    const child = this.#children.get(name);
    if (!child) return;
    this.#children.delete(name);
    child.#parent = directory.use();
    child.#name = newName;
    directory.#children.set(newName, child);
    this.release();
  }
}
