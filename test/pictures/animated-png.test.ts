/** Animated PNGs: what is kept of each picture. */
import assert from 'node:assert/strict';
import { crc32, deflateSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { makeAnimatedPng } from './animated-png.ts';

/** A picture of one colour a row, in RGB. */
function picture(rows: readonly (readonly [number, number, number])[], filter = 0): Buffer {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, rows.length, 8, 2, 0, 0, 0]);
  const lines = rows.map((row) =>
    // Behind the filter "left" the second pixel is no different from the first.
    Buffer.from(filter === 1 ? [1, ...row, 0, 0, 0] : [0, ...row, ...row]),
  );
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const [RED, GREEN]: readonly (readonly [number, number, number])[] = [
  [255, 0, 0],
  [0, 255, 0],
];

/** The boxes of its frames and how long each is shown, in ms. */
function framesOf(png: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'fcTL') continue;
    const [width, height, x, y] = [12, 16, 20, 24].map((offset) => png.readUInt32BE(at + offset));
    frames.push(`${width}×${height} at ${x},${y} for ${png.readUInt16BE(at + 28)}`);
  }
  return frames;
}

describe('an animated PNG', () => {
  it('holds of each picture what has changed', () => {
    const frames = [
      { png: picture([RED!, RED!]), ms: 100 },
      { png: picture([RED!, GREEN!], 1), ms: 200 },
      { png: picture([RED!, GREEN!]), ms: 300 },
    ];
    assert.deepEqual(framesOf(makeAnimatedPng(frames)), [
      '2×2 at 0,0 for 100',
      '2×1 at 0,1 for 200',
      '1×1 at 0,0 for 300',
    ]);
  });

  it('refuses pictures of different sizes, and none at all', () => {
    assert.throws(() => makeAnimatedPng([]), /needs a picture/);
    const frames = [picture([RED!]), picture([RED!, RED!])].map((png) => ({ png, ms: 1 }));
    assert.throws(() => makeAnimatedPng(frames), /picture 2 has another size/);
  });
});
