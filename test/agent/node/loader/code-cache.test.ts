/** The cache of instrumented texts, and the translator that asks it first. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CodeCache, type CacheEntry } from '../../../../runtime/agent/node/loader/code-cache.ts';
import { type FileReport } from '../../../../runtime/agent/node/loader/options.ts';
import { Translator } from '../../../../runtime/agent/node/loader/translate.ts';

describe('the cache of instrumented texts', () => {
  const entry: CacheEntry = {
    outcome: 'instrumented',
    why: 'module',
    positions: 'AAAA',
    sites: 1,
    code: 'é\n😀',
  };
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-cache-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('returns what was put', () => {
    const cache = new CodeCache(folder);
    equal(cache.get('k'), null);
    cache.put('k', entry);
    deepEqual(cache.get('k'), entry);
  });

  it('takes a damaged or cut file for a miss', () => {
    const cache = new CodeCache(folder);
    cache.put('k', entry);
    for (const text of ['', '{}\n', '{"outcome":"instrumented","why":"","positions":"","length":9}\nshort']) {
      writeFileSync(join(folder, 'k'), text);
      equal(cache.get('k'), null);
    }
  });

  it('does without a folder that it may not write', () => {
    writeFileSync(join(folder, 'file'), '');
    const cache = new CodeCache(join(folder, 'file', 'below'));
    cache.put('k', entry);
    equal(cache.get('k'), null);
  });

  it('translates a text once, and a changed text again', () => {
    const seen: FileReport[] = [];
    const options = { agentUrl: 'file:///agent/', depth: 'full' as const, cacheDir: folder };
    const translate = (source: string): string | undefined =>
      new Translator(options, (file) => seen.push(file)).instrument('/user/a.mjs', source, 'module') ??
      undefined;
    const first = translate('async () => 1');
    equal(translate('async () => 1'), first);
    ok(translate('async () => 2') !== first);
    deepEqual(
      seen.map(({ outcome, cached }) => [outcome, cached]),
      [
        ['instrumented', false],
        ['instrumented', true],
        ['instrumented', false],
      ],
    );
    equal(readdirSync(folder).length, 3);
  });
});
