/**
 * Several PNGs of one size as one animated PNG (w3.org/TR/png-3, APNG): any browser shows it move,
 * and whatever does not know it shows the first picture.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Frame {
  readonly png: Uint8Array;
  readonly ms: number;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** @throws RangeError when there is no picture, or they differ in size or kind of colour */
export function makeAnimatedPng(frames: readonly Frame[]): Buffer {
  const pictures = frames.map(({ png }) => readPicture(png));
  const first = pictures[0];
  if (first === undefined) throw new RangeError('an animation needs a picture');
  const { header } = first;
  let sequence = 0;
  const parts: Buffer[] = [
    SIGNATURE,
    chunk('IHDR', header),
    // Number of frames; 0: shown again and again.
    chunk('acTL', words(frames.length, 0)),
  ];
  for (const [i, { ms }] of frames.entries()) {
    const picture = pictures[i]!;
    if (!picture.header.equals(header))
      throw new RangeError(`picture ${i + 1} has another size or another kind of colour than the first`);
    const box = i === 0 ? wholeOf(picture) : changedBox(pictures[i - 1]!, picture);
    const control = Buffer.alloc(26);
    words(sequence++, box.width, box.height, box.x, box.y).copy(control);
    control.writeUInt16BE(ms, 20);
    control.writeUInt16BE(1000, 22);
    parts.push(chunk('fcTL', control));
    const packed = deflateSync(cut(picture, box), { level: 9 });
    parts.push(i === 0 ? chunk('IDAT', packed) : chunk('fdAT', Buffer.concat([words(sequence++), packed])));
  }
  parts.push(chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(parts);
}

interface Picture {
  readonly header: Buffer;
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel. */
  readonly depth: number;
  /** Row by row, without filters. */
  readonly pixels: Buffer;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Channels by PNG's kind of colour: RGB and RGBA, as browsers write them. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

function readPicture(png: Uint8Array): Picture {
  const chunks = readChunks(png);
  const header = dataOf(chunks, 'IHDR');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const depth = CHANNELS[header[9]!];
  if (header[8] !== 8 || depth === undefined || header[12] !== 0)
    throw new RangeError('a picture is expected with 8 bits a channel, in RGB or RGBA, not interlaced');
  return {
    header,
    width,
    height,
    depth,
    pixels: unfilter(inflateSync(dataOf(chunks, 'IDAT')), width, depth),
  };
}

/** Undoes the filters of PNG (chapter 9): each byte was told as a difference to its neighbours. */
function unfilter(filtered: Buffer, width: number, depth: number): Buffer {
  const rowBytes = width * depth;
  const height = filtered.length / (rowBytes + 1);
  const pixels = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (rowBytes + 1)]!;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x < depth ? 0 : pixels[at - depth]!;
      const above = y === 0 ? 0 : pixels[at - rowBytes]!;
      const corner = x < depth || y === 0 ? 0 : pixels[at - rowBytes - depth]!;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!;
      pixels[at] = filtered[y * (rowBytes + 1) + 1 + x]! + predicted;
    }
  }
  return pixels;
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

const wholeOf = ({ width, height }: Picture): Box => ({ x: 0, y: 0, width, height });

/** The smallest box outside of which both are the same; one pixel where all is. */
function changedBox(before: Picture, { width, height, depth, pixels }: Picture): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * depth;
      if (before.pixels.compare(pixels, at, at + depth, at, at + depth) === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The rows of the box, each behind a zero: no filter. Flat colours pack best so. */
function cut({ width, depth, pixels }: Picture, box: Box): Buffer {
  const rows = Array.from({ length: box.height }, (_, i) => {
    const at = ((box.y + i) * width + box.x) * depth;
    return [Buffer.alloc(1), pixels.subarray(at, at + box.width * depth)];
  });
  return Buffer.concat(rows.flat());
}

function readChunks(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

const dataOf = (chunks: readonly Chunk[], wanted: string): Buffer =>
  Buffer.concat(chunks.filter(({ type }) => type === wanted).map(({ data }) => data));

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([words(data.length), named, words(crc32(named))]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}
