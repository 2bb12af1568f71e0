/** The agent for Python writes the bytes that the vectors have, and the head that parts have. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { LANGUAGE } from '../../../runtime/trace/format/kinds.ts';
import { encodePartHead } from '../../../runtime/trace/format/part.ts';
import { tree } from '../../machine/tree.ts';
import { PYTHON, VERSION } from './trace-python.ts';

const file = join(tree, 'test/vectors/records.json');

interface Vectors {
  readonly vectors: readonly { readonly text: string; readonly hex: readonly string[] }[];
}

describe('the records of the agent for Python', function () {
  if (VERSION === null) return;
  const script = join(tree, 'test/agent/python/vectors.py');
  const { stdout, stderr } = spawnSync(PYTHON, [script, join(tree, 'dist/agent/python'), file], {
    encoding: 'utf8',
  });
  const { encoded, head } = JSON.parse(stdout || `{"encoded": [], "head": ""}`) as {
    readonly encoded: readonly (readonly string[])[];
    readonly head: string;
  };
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

  it('are encoded at all', () => {
    assert.equal(stderr, '');
    assert.equal(encoded.length, vectors.length);
  });

  vectors.forEach(({ text, hex }, i) => {
    it(`have the bytes of: ${text.slice(0, 60)}`, () => {
      assert.deepEqual(encoded[i], hex);
    });
  });

  it('follow the head that every part has', () => {
    const pid = 4711;
    const bytes = encodePartHead({
      pid,
      segment: 2,
      startNs: 2n ** 40n + 3n,
      wallNs: 2n ** 60n + 5n,
      language: LANGUAGE.python,
    });
    assert.equal(head, Buffer.from(bytes).toString('hex'));
  });
});
