export interface TarEntry {
  readonly path: string;
  /** `0` a file, `1` a hard link, `2` a symbolic link, `3` and `4` devices, `5` a directory. */
  readonly type?: "0" | "1" | "2" | "3" | "4" | "5";
  readonly content?: string;
  /** Where a link leads. */
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
}

/** A tar made by hand (POSIX.1 ustar), with entries that no tar program would write. */
export function handmadeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryOf), Buffer.alloc(1024)]);
}

function entryOf({ path, type = "0", content = "", target = "", device }: TarEntry): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(path, 0);
  header.write(octal(0o755, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(body.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(target, 157);
  header.write("ustar\u000000", 257);
  header.write(octal(device?.major ?? 0, 7), 329);
  header.write(octal(device?.minor ?? 0, 7), 337);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
