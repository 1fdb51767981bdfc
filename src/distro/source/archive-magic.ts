import type { Compression } from "./distro-source.ts";

/** So many bytes decide: one tar header. */
export const MAGIC_BYTES = 512;

const magics: readonly (readonly [Compression, Buffer])[] = [
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/**
 * What a file that begins with `head` is: a compressed stream (RFC 1952, the .xz file format, RFC 8878), a plain tar
 * (`none`), or undefined. Names are not looked at: `.wsl` may be any of them.
 */
export function detectArchive(head: Buffer): Compression | undefined {
  const compressed = magics.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (compressed) return compressed[0];
  return isTarHeader(head) ? "none" : undefined;
}

/** POSIX.1 ustar: the magic at 257. Older tars have none, but their header checks out by its sum. */
function isTarHeader(head: Buffer): boolean {
  if (head.length < MAGIC_BYTES) return false;
  return head.toString("latin1", 257, 262) === "ustar" || isChecksumRight(head);
}

const CHECKSUM_AT = 148;
const CHECKSUM_END = 156;

function isChecksumRight(header: Buffer): boolean {
  const written = /^ *([0-7]+)[ \0]/.exec(header.toString("latin1", CHECKSUM_AT, CHECKSUM_END));
  if (!written) return false;
  const bytes = header.subarray(0, MAGIC_BYTES);
  // The checksum's own field counts as eight blanks.
  const sum = bytes.reduce(
    (total, byte, at) => total + (at >= CHECKSUM_AT && at < CHECKSUM_END ? 0x20 : byte),
    0,
  );
  return sum === Number.parseInt(written[1] ?? "", 8);
}
