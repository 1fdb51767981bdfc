import type { AttributeChanges, Attributes } from "../../../fs-9p/file-system.ts";
import type { CopyRun } from "./copy-run.ts";

interface Settable {
  setattr(changes: AttributeChanges): void | Promise<void>;
}

const ALL_BITS = 0o7777;
/** Without setuid and setgid: what runs as its owner must not run as somebody else. */
const PLAIN_BITS = 0o1777;

/**
 * Gives a copy its owner, mode and times. The owner comes first, since a change of it takes setuid and setgid away; a file
 * whose owner is not kept does without them.
 */
export async function copyAttributes(to: Settable, from: Attributes, run: CopyRun): Promise<void> {
  const { uid, gid, mode, accessed, modified } = from;
  if (run.keepOwner) await to.setattr({ uid, gid });
  await to.setattr({ mode: mode & (run.keepOwner ? ALL_BITS : PLAIN_BITS), accessed, modified });
}

/** The same for a symbolic link, which has no mode of its own. */
export async function copyLinkAttributes(to: Settable, from: Attributes, run: CopyRun): Promise<void> {
  const { uid, gid, accessed, modified } = from;
  if (run.keepOwner) await to.setattr({ uid, gid });
  await to.setattr({ accessed, modified });
}
