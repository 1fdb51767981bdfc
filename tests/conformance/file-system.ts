import { describe } from "vitest";
import { testAttributes } from "./file-system/attributes.ts";
import { testDirectories } from "./file-system/directories.ts";
import { testFiles } from "./file-system/files.ts";
import { testLinks } from "./file-system/links.ts";
import { testOthers } from "./file-system/others.ts";
import { testRemoving } from "./file-system/removing.ts";
import { testRenaming } from "./file-system/renaming.ts";
import { type FileSystemUnderTest, type Lacks, workspace } from "./file-system/workspace.ts";

export type { FileSystemUnderTest, Lacks } from "./file-system/workspace.ts";

/** The promises of the port (src/fs-9p/file-system.ts), as Linux programs know them. */
export function testFileSystem(
  name: string,
  make: () => Promise<FileSystemUnderTest>,
  lacks: Lacks = {},
): void {
  describe(`${name} as a file system`, () => {
    const on = workspace(make);
    testFiles(on);
    testDirectories(on, lacks);
    testAttributes(on, lacks);
    testLinks(on);
    testRenaming(on, lacks);
    testRemoving(on, lacks);
    testOthers(on, lacks);
  });
}
