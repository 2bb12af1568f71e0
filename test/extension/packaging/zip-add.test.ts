import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { zipWith, zipWithout } from '../../../extension/packaging/zip-add.ts';
import { zipNames } from '../../../extension/packaging/zip-names.ts';

/** A zip of nothing is its end record alone. */
const empty = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
const first = zipWith(empty, new Map([['a.txt', Buffer.from('first')]]));

describe('adding to a zip', () => {
  it('keeps what is there and names what comes', () => {
    const more = zipWith(first, new Map([['b/ä.txt', Buffer.from('second')]]));
    assert.deepEqual(zipNames(more), ['a.txt', 'b/ä.txt']);
    assert.deepEqual(more.subarray(0, 30), first.subarray(0, 30));
  });

  it('writes where each file begins, how long it is and its content', () => {
    const text = 'x'.repeat(1000);
    const zip = zipWith(first, new Map([['b', Buffer.from(text)]]));
    const entry = zip.lastIndexOf('PK\x01\x02');
    const at = zip.readUInt32LE(entry + 42);
    const [packed, whole] = [zip.readUInt32LE(at + 18), zip.readUInt32LE(at + 22)];
    assert.equal(whole, 1000);
    assert.equal(inflateRawSync(zip.subarray(at + 31, at + 31 + packed)).toString(), text);
  });

  it('refuses a name that is in it', () => {
    assert.throws(() => zipWith(first, new Map([['a.txt', Buffer.alloc(0)]])), /a\.txt is in it already/);
  });

  it('takes a file out, which can then be added anew', () => {
    const both = zipWith(first, new Map([['b.txt', Buffer.from('second')]]));
    const without = zipWithout(both, 'a.txt');
    assert.deepEqual(zipNames(without), ['b.txt']);
    const again = zipWith(without, new Map([['a.txt', Buffer.from('third')]]));
    assert.deepEqual(zipNames(again), ['b.txt', 'a.txt']);
    assert.throws(() => zipWithout(first, 'b.txt'), /b\.txt is not in it/);
  });

  it('makes what another reader of zips finds whole', function () {
    const folder = mkdtempSync(join(tmpdir(), 'simul-zip-'));
    try {
      const file = join(folder, 'a.zip');
      const other = zipWithout(zipWith(first, new Map([['d', Buffer.from('gone')]])), 'd');
      writeFileSync(file, zipWith(other, new Map([['b/c', Buffer.from('third')]])));
      // vsce brings it: what it writes .vsix files with, and reads them.
      const script = `require('yauzl').open(process.argv[1], {}, (error, zip) => {
        if (error) throw error;
        zip.on('entry', (entry) => zip.openReadStream(entry, (error, stream) => {
          if (error) throw error;
          stream.on('data', (data) => console.log(entry.fileName, String(data)));
        }));
      });`;
      const said = execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8' });
      assert.deepEqual(said.trim().split('\n').sort(), ['a.txt first', 'b/c third']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
