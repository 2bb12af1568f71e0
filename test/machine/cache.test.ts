import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { cached } from './cache.ts';

describe('the cache of everything that the tests fetch', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'simul-cache-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('makes an entry once', async () => {
    let timesMade = 0;
    const make = async (folder: string): Promise<void> => {
      timesMade++;
      writeFileSync(join(folder, 'it'), '');
    };
    const first = await cached('tool-1', make, root);
    assert.equal(await cached('tool-1', make, root), first);
    assert.equal(timesMade, 1);
    assert.ok(existsSync(join(first, 'it')));
  });

  it('keeps nothing of an entry that could not be made', async () => {
    const failing = cached(
      'tool-1',
      async (folder) => {
        writeFileSync(join(folder, 'half'), '');
        throw new Error('no network');
      },
      root,
    );
    await assert.rejects(failing, /no network/);
    assert.deepEqual(readdirSync(root), []);
  });

  it('takes the entry of the process that was quicker', async () => {
    const slow = cached(
      'tool-1',
      async (folder) => {
        writeFileSync(join(folder, 'mine'), '');
        await cached('tool-1', async (other) => writeFileSync(join(other, 'theirs'), ''), root, 'other');
      },
      root,
    );
    assert.deepEqual(readdirSync(await slow), ['theirs']);
    assert.deepEqual(readdirSync(root), ['tool-1']);
  });
});
