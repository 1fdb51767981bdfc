import { createRequire } from "node:module";

/** US English, Unicode: the one pair of language and code page that every Windows shows. */
const LANGUAGE = { lang: 0x0409, codepage: 0x04b0 } as const;
/** RT_VERSION. */
const VERSION_TYPE = 16;

/** The part of resedit that is used. Its own types bring those of browsers, which contradict Node's, into the whole tree. */
interface ResEdit {
  readonly NtExecutable: {
    from(file: Buffer, options: { ignoreCert: boolean }): Executable;
  };
  readonly NtExecutableResource: { from(executable: Executable): Resources };
  readonly Resource: { readonly VersionInfo: { createEmpty(): VersionInfo } };
}
interface Executable {
  generate(): ArrayBuffer;
}
interface Resources {
  entries: readonly { readonly type: number | string }[];
  outputResource(executable: Executable): void;
}
interface VersionInfo {
  setFileVersion(major: number, minor: number, micro: number, revision: number): void;
  setProductVersion(major: number, minor: number, micro: number, revision: number): void;
  setStringValues(language: typeof LANGUAGE, values: Readonly<Record<string, string>>): void;
  outputToResourceEntries(entries: Resources["entries"]): void;
}

// The functions above are those of its documentation; tests/e2e-windows/executable.test.ts sees what Windows makes of it.
const require = createRequire(import.meta.url);
const { NtExecutable, NtExecutableResource, Resource } = require("resedit") as ResEdit;

export interface ProgramFacts {
  /** `major.minor.patch`. */
  readonly version: string;
  /** What Task Manager shows. */
  readonly description: string;
  readonly fileName: string;
}

/**
 * The same program with version resources of ours in place of its own. A signature, which would no longer be true, is
 * left out.
 */
export function withVersionResource(
  program: Buffer,
  { version, description, fileName }: ProgramFacts,
): Buffer {
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const resources = NtExecutableResource.from(executable);
  resources.entries = resources.entries.filter(({ type }) => type !== VERSION_TYPE);
  const info = Resource.VersionInfo.createEmpty();
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  info.setFileVersion(major, minor, patch, 0);
  info.setProductVersion(major, minor, patch, 0);
  info.setStringValues(LANGUAGE, {
    CompanyName: "tswsl",
    ProductName: "tswsl",
    FileDescription: description,
    FileVersion: version,
    ProductVersion: version,
    InternalName: fileName.replace(/\.\w+$/, ""),
    OriginalFilename: fileName,
    LegalCopyright: "MIT licence; Node.js and the bundled packages under their own",
  });
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}
