import type { Attributes, Request, Volume, WinfspModule } from "../../../native/winfsp/native.d.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { toFileError } from "../../fs-9p/errors/to-file-error.ts";
import { S_IFDIR } from "../../fs-9p/linux.ts";
import { Handles } from "./handles.ts";
import { LazyFiles, type SharedFiles } from "./lazy-files.ts";
import { Nodes, ROOT } from "./nodes.ts";
import { answerTo, takeBack, type Tree } from "./requests.ts";
import { Shared } from "./shared.ts";

/** For so long the operating system may believe names and attributes: files change in the distro without its knowing. */
const ATTRIBUTE_MS = 1000;

/** A distro that has to be started first, with the VM that it runs in. */
const STARTING_MS = timeouts.vmBoot + timeouts.distroStart + timeouts.filesStart;

export interface FolderOptions {
  readonly addon: WinfspModule;
  /** On Linux: the folder, which exists. Empty on Windows. */
  readonly mountPoint: string;
  /** On Windows: `\tswsl$\NAME`. Empty on Linux. */
  readonly prefix: string;
  /** Opens the distro's files, starting it for that. Called when somebody looks into the folder. */
  readonly open: (signal: AbortSignal) => Promise<SharedFiles>;
  /** The files are given back after so long without a request and without an open file. */
  readonly idleMs: number;
  /** Default: `timeouts.folderCall`. */
  readonly deadlineMs?: number;
}

interface Opened extends Tree {
  readonly files: SharedFiles;
}

/** One distro's files, shown to the programs of this host. */
export class Folder {
  readonly #volume: Volume;
  readonly #files: LazyFiles;
  readonly #nodes = new Nodes();
  readonly #handles = new Handles();
  readonly #deadlineMs: number;
  #opened: Opened | undefined;

  private constructor(options: FolderOptions) {
    this.#deadlineMs = options.deadlineMs ?? timeouts.folderCall;
    this.#files = new LazyFiles({
      open: options.open,
      idleMs: options.idleMs,
      isBusy: () => this.#handles.size > 0,
      onGone: () => this.#forgetAll(),
    });
    const mount = {
      mountPoint: options.mountPoint,
      prefix: options.prefix,
      fileSystemName: "tswsl",
      deadlineMs: this.#deadlineMs,
      attributeTimeoutMs: ATTRIBUTE_MS,
    };
    this.#volume = options.addon.createVolume(mount, (request) => void this.#serve(request));
  }

  /** Raises `unavailable` when it cannot be shown. */
  static async show(options: FolderOptions): Promise<Folder> {
    const folder = new Folder(options);
    const { error, message } = await folder.#volume.mount();
    if (error === 0) return folder;
    await folder.close();
    const place = options.mountPoint || options.prefix;
    throw new TswslError("unavailable", `the files cannot be shown in ${place}: ${message} (${error})`, {
      hint: "What is missing is shown by: tswsl doctor",
      details: { error },
    });
  }

  /** Takes it away, whoever uses it. Never waits for the distro. */
  async close(): Promise<void> {
    await this.#volume.unmount();
    this.#files.close();
    this.#forgetAll();
  }

  async #serve(request: Request): Promise<void> {
    if (request.op === "forget") {
      this.#nodes.forget(request.node, request.count);
      return;
    }
    // What was asked of the distro cannot be taken back; its answer will find nobody.
    if (request.op === "cancel" || request.op === "unmounted") return;
    try {
      // Whoever only looks at the folder from outside (`ls -l`, a file manager) starts nothing.
      if (request.op === "getattr" && request.node === ROOT && !this.#files.current) {
        this.#volume.succeed(request.id, closedRoot());
        return;
      }
      const tree = await this.#tree(request.id);
      const answer = await answerTo(tree, request);
      takeBack(tree, request, answer, this.#volume.succeed(request.id, answer));
    } catch (error) {
      this.#volume.fail(request.id, toFileError(error).errno);
    }
  }

  /** Starting a distro takes longer than a call may; who waits for that is given the time. */
  async #tree(id: number): Promise<Opened> {
    if (!this.#files.current) this.#volume.extend(id, STARTING_MS);
    const files = await this.#files.get();
    if (this.#opened?.files === files) return this.#opened;
    // Not ours to close, so never let go of.
    const root = new Shared(files.root);
    const { gid } = files.account;
    this.#opened = { files, root, gid, nodes: this.#nodes, handles: this.#handles };
    return this.#opened;
  }

  #forgetAll(): void {
    this.#opened = undefined;
    this.#nodes.clear();
    this.#handles.clear();
  }
}

const shownSince = { seconds: Math.floor(Date.now() / 1000), nanoseconds: 0 };

/** What a distro's root looks like while nobody has opened it. */
function closedRoot(): Attributes {
  return {
    qid: { path: ROOT },
    mode: S_IFDIR | 0o755,
    links: 2,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    device: 0,
    size: 0,
    blocks: 0,
    accessed: shownSince,
    modified: shownSince,
    changed: shownSince,
  };
}
