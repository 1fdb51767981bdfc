import { randomBytes } from "node:crypto";

/** A tar with one file, made by hand from POSIX.1 ustar. */
export function tarOf(content: Buffer, magic = "ustar\u000000"): Buffer {
  const header = Buffer.alloc(512);
  header.write("etc/file", 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write(magic, 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc(512 - (content.length % 512) + 1024)]);
}

/** A tar of about this many bytes that does not compress. */
export function bigTar(bytes: number): Buffer {
  return tarOf(randomBytes(bytes));
}
