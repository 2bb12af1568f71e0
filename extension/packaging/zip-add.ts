/**
 * Adds files to an existing zip: behind the last one, with the directory written anew. It is for
 * the files that vsce leaves out, see package.ts. It refuses a name that is in the zip already.
 * Like zip-names.ts it knows no zip64, and it sets no times.
 */
import { crc32, deflateRawSync } from 'node:zlib';
import { findEnd, zipEntries, zipNames } from './zip-names.ts';

const ZIP_VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** The first day that a zip can express, 1980-01-01. */
const FIRST_DAY = 0x21;

export function addToZip(zip: Buffer, files: ReadonlyMap<string, Buffer>): Buffer {
  const duplicate = zipNames(zip).find((name) => files.has(name));
  if (duplicate !== undefined) throw new Error(`zip: ${duplicate} is in it already`);
  const end = findEnd(zip);
  const directoryAt = zip.readUInt32LE(end + 16);
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = directoryAt;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const body = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(ZIP_VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(FIRST_DAY, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, body]);
    // No comment, disk or attributes; then the offset of the file.
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    const madeBy = Buffer.from([ZIP_VERSION, 0]);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, rest, name]));
    bodies.push(local);
    at += local.length;
  }
  const directory = Buffer.concat([zip.subarray(directoryAt, end), ...entries]);
  const endRecord = Buffer.from(zip.subarray(end));
  const count = zip.readUInt16LE(end + 10) + files.size;
  endRecord.writeUInt16LE(count, 8);
  endRecord.writeUInt16LE(count, 10);
  endRecord.writeUInt32LE(directory.length, 12);
  endRecord.writeUInt32LE(at, 16);
  return Buffer.concat([zip.subarray(0, directoryAt), ...bodies, directory, endRecord]);
}

/** Takes a file out of the directory; its bytes stay where they are, and no reader finds them. */
export function removeFromZip(zip: Buffer, path: string): Buffer {
  const end = findEnd(zip);
  const directoryAt = zip.readUInt32LE(end + 16);
  const entries = zipEntries(zip);
  const kept = entries.filter(({ name }) => name !== path);
  if (kept.length === entries.length) throw new Error(`zip: ${path} is not in it`);
  const directory = Buffer.concat(kept.map(({ bytes }) => bytes));
  const last = Buffer.from(zip.subarray(end));
  last.writeUInt16LE(kept.length, 8);
  last.writeUInt16LE(kept.length, 10);
  last.writeUInt32LE(directory.length, 12);
  return Buffer.concat([zip.subarray(0, directoryAt), directory, last]);
}
