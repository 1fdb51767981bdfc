/** An extended attribute of NTFS. Names are ASCII there, in capitals. */
export interface ExtendedAttribute {
  readonly name: string;
  readonly value: Uint8Array;
}

/** NTFS keeps no more of them for one file. */
const MAX_BYTES = 0x1_0000;

/** A list of FILE_FULL_EA_INFORMATION (wdm.h), each entry at a multiple of four. An empty value removes the attribute. */
export function encodeExtended(list: readonly ExtendedAttribute[]): Buffer {
  return chained(list, 8, (bytes, { name, value }) => {
    bytes.writeUInt8(name.length, 5);
    bytes.writeUInt16LE(value.length, 6);
    bytes.write(`${name}\0`, 8, "latin1");
    bytes.set(value, 8 + name.length + 1);
  });
}

/** A list of FILE_GET_EA_INFORMATION (ntifs.h): which attributes are asked for. */
export function encodeExtendedNames(names: readonly string[]): Buffer {
  const list = names.map((name) => ({ name, value: new Uint8Array() }));
  return chained(list, 5, (bytes, { name }) => {
    bytes.writeUInt8(name.length, 4);
    bytes.write(`${name}\0`, 5, "latin1");
  });
}

function chained(
  list: readonly ExtendedAttribute[],
  header: number,
  fill: (entry: Buffer, attribute: ExtendedAttribute) => void,
): Buffer {
  const entries = list.map((attribute, index) => {
    const length = header + attribute.name.length + 1 + attribute.value.length;
    const last = index === list.length - 1;
    const entry = Buffer.alloc(last ? length : (length + 3) & ~3);
    if (!last) entry.writeUInt32LE(entry.length, 0);
    fill(entry, attribute);
    return entry;
  });
  return Buffer.concat(entries);
}

/** The entries of a list of FILE_FULL_EA_INFORMATION, as far as it is whole. What has no value is not there. */
export function decodeExtended(bytes: Buffer): ExtendedAttribute[] {
  const list: ExtendedAttribute[] = [];
  for (let at = 0; at + 8 <= Math.min(bytes.length, MAX_BYTES);) {
    const nameLength = bytes.readUInt8(at + 5);
    const valueLength = bytes.readUInt16LE(at + 6);
    const value = at + 8 + nameLength + 1;
    if (value + valueLength > bytes.length) break;
    if (valueLength > 0) {
      list.push({
        name: bytes.toString("latin1", at + 8, at + 8 + nameLength),
        value: Buffer.from(bytes.subarray(value, value + valueLength)),
      });
    }
    const next = bytes.readUInt32LE(at);
    if (next < 8) break;
    at += next;
  }
  return list;
}
