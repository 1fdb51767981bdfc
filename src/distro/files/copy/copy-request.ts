import { TswslError } from "../../../base/errors.ts";
import type { Progress } from "../../../protocol/daemon.ts";
import type { FilePlace } from "../../../protocol/files.ts";
import { FileError } from "../../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../../fs-9p/file-system.ts";
import { QidType } from "../../../fs-9p/linux.ts";
import { textFromName } from "../../../fs-9p/names.ts";
import { failureAt } from "../file-failure.ts";
import { locate, type Located } from "../locate.ts";
import type { OpenPlace, Places } from "../open-place.ts";
import { type CopyFailure, CopyRun } from "./copy-run.ts";
import { TreeCopier } from "./copy-tree.ts";

export interface CopyRequest {
  readonly sources: readonly FilePlace[];
  readonly target: FilePlace;
  readonly user?: string | undefined;
  readonly recursive: boolean;
}

export interface Copied {
  readonly files: number;
  readonly directories: number;
  readonly others: number;
  readonly bytes: number;
  readonly failed: number;
  readonly failures: CopyFailure[];
}

interface Call {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Copies as cp(1) does: into the target when that is a directory, else to it. Raises what makes the whole copy impossible;
 * the failures of single files are in the answer.
 */
export async function copyFiles(request: CopyRequest, places: Places, call: Call): Promise<Copied> {
  const opened: OpenPlace[] = [];
  const open = async (place: FilePlace): Promise<OpenPlace> => {
    const side = await places.open(place, request.user, call);
    opened.push(side);
    return side;
  };
  try {
    const target = await open(request.target);
    const sources: OpenPlace[] = [];
    for (const place of request.sources) sources.push(await open(place));
    const signals = opened.map(({ signal }) => signal);
    const { keepOwner } = target;
    const run = new CopyRun({ ...call, signal: AbortSignal.any([call.signal, ...signals]), keepOwner });
    await copyAll({ sources, target, recursive: request.recursive }, run);
    const { files, directories, others, bytes, failed, failures } = run;
    return { files, directories, others, bytes, failed, failures };
  } finally {
    for (const { release } of opened) release();
  }
}

interface OpenCopy {
  readonly sources: readonly OpenPlace[];
  readonly target: OpenPlace;
  readonly recursive: boolean;
}

async function copyAll({ sources, target, recursive }: OpenCopy, run: CopyRun): Promise<void> {
  const into = await at(target, true);
  try {
    const isDirectory = into.node !== undefined && isDirectoryNode(into.node);
    if (!isDirectory && sources.length > 1) throw failureAt(target.shown, new FileError("ENOTDIR"));
    for (const source of sources) {
      await copyOne({ source, target, into, recursive }, run).catch((error: unknown) => {
        run.signal.throwIfAborted();
        throw failureAt(source.shown, error);
      });
    }
  } finally {
    await into.close();
  }
}

interface OneCopy {
  readonly source: OpenPlace;
  readonly target: OpenPlace;
  readonly into: Located;
  readonly recursive: boolean;
}

async function copyOne({ source, target, into, recursive }: OneCopy, run: CopyRun): Promise<void> {
  // As cp has it: a link is copied as a link with -r, and as the file it leads to without.
  const from = await at(source, !recursive);
  try {
    if (from.node === undefined) return run.fail(source.shown, new FileError("ENOENT"));
    const isTree = isDirectoryNode(from.node);
    const goal = goalOf(source, into);
    if (!isTree && goal.mustBeDirectory) return run.fail(target.shown, new FileError("ENOTDIR"));
    if (source.key === target.key) checkApart(from.path, goal.path, isTree);
    if (!isTree) run.total = (await from.node.getattr()).size;
    const copier = new TreeCopier(run, recursive);
    const { directory, name } = goal;
    if (name !== "") await copier.copy({ from: from.node, path: source.shown, directory, name });
    else await copier.copyInto(from.node, source.shown, directory);
  } finally {
    await from.close();
  }
}

interface Goal {
  readonly directory: FileNode;
  /** "": what is in the source comes into the directory itself, as for `cp -r dir/. there`. */
  readonly name: string;
  readonly path: string;
  /** The target ends in a slash and is not there. */
  readonly mustBeDirectory: boolean;
}

function goalOf(source: OpenPlace, into: Located): Goal {
  const { node, directory, name, path } = into;
  if (node === undefined || !isDirectoryNode(node))
    return { directory, name, path, mustBeDirectory: into.slash };
  const last = source.path.split("/").findLast((part) => part !== "") ?? "";
  const own = last === "." || last === ".." ? "" : last;
  return {
    directory: node,
    name: own,
    path: own === "" ? path : `${path === "/" ? "" : path}/${own}`,
    mustBeDirectory: false,
  };
}

/** Within one file system: a file is not copied to itself, nor a directory to anywhere in itself. */
function checkApart(from: string, to: string, isTree: boolean): void {
  if (from === to)
    throw new TswslError("invalid-argument", `'${textFromName(from)}' cannot be copied to itself`);
  const inside = from === "/" || to.startsWith(`${from}/`);
  if (isTree && inside)
    throw new TswslError("invalid-argument", `'${textFromName(from)}' cannot be copied into itself`);
}

async function at({ root, path, shown }: OpenPlace, follow: boolean): Promise<Located> {
  try {
    return await locate(root, path, follow);
  } catch (error) {
    throw failureAt(shown, error);
  }
}

function isDirectoryNode({ qid }: FileNode): boolean {
  return (qid.type & QidType.directory) !== 0;
}
