import type { Attributes, DirectoryEntry, ReaddirRequest } from "../../../native/winfsp/native.d.ts";
import type { DirectoryEntry as FileEntry, FileNode, OpenFile } from "../../fs-9p/file-system.ts";
import type { Nodes } from "./nodes.ts";
import type { Shared } from "./shared.ts";
import { walkPath } from "./follow.ts";

const DT_DIR = 4;
const DT_LNK = 10;
/** The kernel's size of an entry with and without attributes, and a name of usual length. */
const ENTRY_BYTES = { with: 192, without: 48 };
/** At most so many are asked for at once, each with two requests of its own for its attributes. */
const MAX_ENTRIES = { with: 128, without: 1024 };
/** `.` and `..` come before the file system's own offsets. */
const DOTS = 2;

export interface Listing {
  readonly root: FileNode;
  /** The directory's number. */
  readonly number: number;
  readonly directory: Shared<FileNode>;
  readonly file: Shared<OpenFile>;
  readonly nodes: Nodes;
}

/** The next entries of an open directory. Each node in the answer has been looked up once. */
export async function listDirectory(listing: Listing, request: ReaddirRequest): Promise<DirectoryEntry[]> {
  const { offset, length, withAttributes } = request;
  const kind = withAttributes ? "with" : "without";
  const count = Math.max(1, Math.min(MAX_ENTRIES[kind], Math.floor(length / ENTRY_BYTES[kind])));
  const found = await listing.file.use((file) => file.readdir(Math.max(0, offset - DOTS), count));
  const entries = withAttributes
    ? await Promise.all(found.map((entry) => described(listing, entry, request.follow)))
    : found.map(bare);
  return [...(await dots(listing, offset)), ...entries];
}

const bare = ({ name, qid, type, offset }: FileEntry): DirectoryEntry => ({
  name,
  qid,
  type,
  offset: offset + DOTS,
});

async function dots({ directory }: Listing, offset: number): Promise<DirectoryEntry[]> {
  if (offset >= DOTS) return [];
  const qid = await directory.use((node) => node.qid);
  return [".", ".."].map((name, at) => ({ name, qid, type: DT_DIR, offset: at + 1 })).slice(offset);
}

/** Without attributes when it has been removed meanwhile, or may not be looked at. */
async function described(listing: Listing, entry: FileEntry, follow: boolean): Promise<DirectoryEntry> {
  try {
    const { node, attributes } = await lookAt(listing, entry, follow);
    return { ...bare(entry), node: listing.nodes.add(node, listing.number), attributes };
  } catch {
    return bare(entry);
  }
}

interface Looked {
  readonly node: FileNode;
  readonly attributes: Attributes;
}

async function lookAt(listing: Listing, entry: FileEntry, follow: boolean): Promise<Looked> {
  return await listing.directory.use(async (from) => {
    if (follow && entry.type === DT_LNK) {
      const target = await walkPath({ root: listing.root, from }, entry.name, true).catch(() => undefined);
      // A link that leads nowhere is shown as what it is.
      if (target) return await withAttributes(target);
    }
    return await withAttributes(await from.walk(entry.name));
  });
}

async function withAttributes(node: FileNode): Promise<Looked> {
  try {
    return { node, attributes: await node.getattr() };
  } catch (error) {
    await node.close();
    throw error;
  }
}
