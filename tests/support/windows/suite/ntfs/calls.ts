import type { FileError, FileNode, OpenFile } from "../../../../../src/fs-9p/index.ts";

export const how = { mode: 0o644, gid: 0 };

// Everything but a named pipe and fsync is synchronous on a host disk.
export const walk = (node: FileNode, ...names: string[]): FileNode =>
  names.reduce((at, name) => at.walk(name) as FileNode, node);

export const open = (node: FileNode, flags = 0): OpenFile => node.open(flags) as OpenFile;

export function contentOf(node: FileNode): string {
  const file = open(node);
  const into = Buffer.alloc(1000);
  const text = into.toString("latin1", 0, file.read(into, 0) as number);
  void file.close();
  return text;
}

export function put(directory: FileNode, name: string, content: string): void {
  const { file } = directory.create(name, 2, how) as { readonly file: OpenFile };
  void file.write(Buffer.from(content), 0);
  void file.close();
}

export function names(node: FileNode): string[] {
  const directory = open(node);
  const found = directory.readdir(0, 1000) as readonly { readonly name: string }[];
  void directory.close();
  return found.map(({ name }) => name).toSorted();
}

export function mode(node: FileNode): string {
  return (node.getattr() as { readonly mode: number }).mode.toString(8);
}

/** The errno that it ends with, or "none". */
export function code(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    return (error as FileError).code;
  }
}
