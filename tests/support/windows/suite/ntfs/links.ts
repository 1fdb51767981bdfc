/** Reparse points as Windows and WSL write them, byte by byte: MS-FSCC 2.1.2 and WSL's lxfs. */

function buffer(tag: number, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(tag, 0);
  header.writeUInt16LE(data.length, 4);
  return Buffer.concat([header, data]);
}

/** Substitute name and print name, each with a NUL after it, as CreateSymbolicLink and mklink do. */
function names(target: string, flags: Buffer): Buffer {
  const substitute = Buffer.from(target, "utf16le");
  const print = Buffer.from(target.replace("\\??\\", ""), "utf16le");
  const offsets = Buffer.alloc(8);
  offsets.writeUInt16LE(0, 0);
  offsets.writeUInt16LE(substitute.length, 2);
  offsets.writeUInt16LE(substitute.length + 2, 4);
  offsets.writeUInt16LE(print.length, 6);
  const nul = Buffer.alloc(2);
  return Buffer.concat([offsets, flags, substitute, nul, print, nul]);
}

export function junction(target: string): Buffer {
  return buffer(0xa000_0003, names(target, Buffer.alloc(0)));
}

export function ntSymlink(target: string, relative: boolean): Buffer {
  return buffer(0xa000_000c, names(target, Buffer.from([relative ? 1 : 0, 0, 0, 0])));
}

export function lxSymlink(target: string): Buffer {
  return buffer(0xa000_001d, Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from(target, "latin1")]));
}

/** IO_REPARSE_TAG_APPEXECLINK: a version and four strings. */
export function appAlias(): Buffer {
  const strings = ["Package", "Package!App", "C:\\App.exe", "0"].map((text) => `${text}\0`).join("");
  return buffer(0x8000_001b, Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.from(strings, "utf16le")]));
}

export function tagged(tag: number): Buffer {
  return buffer(tag, Buffer.alloc(0));
}
