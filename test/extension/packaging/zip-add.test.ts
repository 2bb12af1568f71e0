import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { addToZip, removeFromZip } from '../../../extension/packaging/zip-add.ts';
import { zipNames } from '../../../extension/packaging/zip-names.ts';

/** A zip of nothing is its end record alone. */
const empty = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
const first = addToZip(empty, new Map([['a.txt', Buffer.from('first')]]));

describe('adding to a zip', () => {
  it('keeps the files that are there and lists the new ones', () => {
    const more = addToZip(first, new Map([['b/ä.txt', Buffer.from('second')]]));
    assert.deepEqual(zipNames(more), ['a.txt', 'b/ä.txt']);
    assert.deepEqual(more.subarray(0, 30), first.subarray(0, 30));
  });

  it('writes the offset, the length and the content of each file', () => {
    const text = 'x'.repeat(1000);
    const zip = addToZip(first, new Map([['b', Buffer.from(text)]]));
    const entry = zip.lastIndexOf('PK\x01\x02');
    const at = zip.readUInt32LE(entry + 42);
    const [deflatedBytes, plainBytes] = [zip.readUInt32LE(at + 18), zip.readUInt32LE(at + 22)];
    assert.equal(plainBytes, 1000);
    assert.equal(inflateRawSync(zip.subarray(at + 31, at + 31 + deflatedBytes)).toString(), text);
  });

  it('refuses a name that is in it already', () => {
    assert.throws(() => addToZip(first, new Map([['a.txt', Buffer.alloc(0)]])), /a\.txt is in it already/);
  });

  it('takes a file out, which can then be added anew', () => {
    const both = addToZip(first, new Map([['b.txt', Buffer.from('second')]]));
    const without = removeFromZip(both, 'a.txt');
    assert.deepEqual(zipNames(without), ['b.txt']);
    const again = addToZip(without, new Map([['a.txt', Buffer.from('third')]]));
    assert.deepEqual(zipNames(again), ['b.txt', 'a.txt']);
    assert.throws(() => removeFromZip(first, 'b.txt'), /b\.txt is not in it/);
  });

  it('makes a zip that another reader can read', function () {
    const folder = mkdtempSync(join(tmpdir(), 'simul-zip-'));
    try {
      const file = join(folder, 'a.zip');
      const other = removeFromZip(addToZip(first, new Map([['d', Buffer.from('gone')]])), 'd');
      writeFileSync(file, addToZip(other, new Map([['b/c', Buffer.from('third')]])));
      // yauzl comes with vsce, which reads .vsix files with it.
      const script = `require('yauzl').open(process.argv[1], {}, (error, zip) => {
        if (error) throw error;
        zip.on('entry', (entry) => zip.openReadStream(entry, (error, stream) => {
          if (error) throw error;
          stream.on('data', (data) => console.log(entry.fileName, String(data)));
        }));
      });`;
      const output = execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8' });
      assert.deepEqual(output.trim().split('\n').sort(), ['a.txt first', 'b/c third']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
