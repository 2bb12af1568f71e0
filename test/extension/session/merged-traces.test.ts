import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import type { Memento } from 'vscode';
import { MergedTraces } from '../../../extension/session/merged-traces.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();

function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string) => values.get(key) as T,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  };
}

describe('traces that were made of several', () => {
  it('know what they were made of, also after a restart; any other is itself alone', () => {
    const [at, state] = [folder(), memento()];
    const merged = new MergedTraces(at, state);
    const file = merged.makePlace(['/a/shop.ts', 'worker.simul'], () => false);
    assert.equal(basename(file), 'shop.ts + worker.simul');
    merged.note(file, ['/a', '/b']);
    const later = new MergedTraces(at, state);
    assert.deepEqual(later.sourcesOf(file), ['/a', '/b']);
    assert.deepEqual([later.has(file), later.has('/a')], [true, false]);
    assert.deepEqual(later.sourcesOf('/a'), ['/a']);
  });

  it('are let go of when there are too many, but for those that are open', () => {
    const at = folder();
    const merged = new MergedTraces(at, memento());
    const files = Array.from({ length: 13 }, (_, i) => {
      const file = merged.makePlace([`${i}`], (open) => basename(open) === '0.simul');
      writeFileSync(file, '');
      merged.note(file, [`/${i}`]);
      return file;
    });
    const left = files.filter((file) => existsSync(file)).map((file) => basename(file, '.simul'));
    assert.deepEqual(left, ['0', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    merged.release(files[12]!);
    assert.ok(!existsSync(dirname(files[12]!)));
  });

  it('have a name that every system takes', () => {
    const merged = new MergedTraces(folder(), memento());
    const file = merged.makePlace(['a:b?', `npm run ${'x'.repeat(300)}`], () => false);
    assert.match(basename(file), /^a-b- \+ npm run x+\.simul$/);
    assert.ok(basename(file).length < 100);
  });

  it('take nothing from a store that somebody else has written', () => {
    const state = memento();
    void state.update('simul.mergedTraces', { '/x': 7, '/y': ['/a', 7], '/z': ['/a'] });
    const merged = new MergedTraces(folder(), state);
    assert.deepEqual([merged.has('/x'), merged.has('/y'), merged.has('/z')], [false, false, true]);
    assert.deepEqual(readdirSync(join(folder())), []);
  });
});
