/**
 * Reads the names of the files in a zip from its central directory: the .vsix itself says what it
 * holds, not the tool that made it. It refuses zip64, whose limits a .vsix is far from.
 */

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;

export interface ZipEntry {
  readonly name: string;
  /** The entry as it stands in the directory. */
  readonly bytes: Buffer;
}

export function zipNames(zip: Buffer): string[] {
  return zipEntries(zip)
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('/'));
}

/** Folders included. */
export function zipEntries(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error(`zip: no directory entry at byte ${at}`);
    const nameLength = zip.readUInt16LE(at + 28);
    const extraLength = zip.readUInt16LE(at + 30);
    const commentLength = zip.readUInt16LE(at + 32);
    const next = at + 46 + nameLength + extraLength + commentLength;
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, bytes: zip.subarray(at, next) });
    at = next;
  }
  return entries;
}

/** The offset of the end record: it is the last one, with at most a comment of 64 KiB behind it. */
export function findEnd(zip: Buffer): number {
  for (let at = zip.length - 22; at >= 0 && at >= zip.length - 22 - 0xffff; at--) {
    if (zip.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw new Error('zip: no end of central directory');
}
