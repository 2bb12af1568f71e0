import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { needsRunner } from '../../../extension/session/needs-runner.ts';

const ADDS = `it('adds', () => {});`;

describe('a file that only a test runner can run', () => {
  it('imports one, whatever its name', () => {
    for (const line of [
      `import { it } from 'vitest';`,
      `import { it } from '@jest/globals';`,
      `const { it } = require('mocha');`,
    ])
      assert.equal(needsRunner('/p/adding.ts', `${line}\n${ADDS}`), true, line);
  });

  it('is named like tests, where it imports none', () => {
    for (const name of ['a.test.ts', 'a.spec.mjs', 'a.test.tsx'])
      assert.equal(needsRunner(`/p/${name}`, ADDS), true, name);
    assert.equal(needsRunner('/p/adding.js', ADDS), false, 'a program may have a function `it`');
  });

  it('has tests', () => {
    assert.equal(needsRunner('/p/a.test.ts', 'export const one = 1;'), false);
    assert.equal(needsRunner('/p/setup.ts', `import { vi } from 'vitest';`), false);
  });

  it('is none of Node’s own runner, which runs in the file itself', () => {
    assert.equal(needsRunner('/p/a.test.mjs', `import { it } from 'node:test';\n${ADDS}`), false);
  });

  it('is one of pytest or unittest that does not start them itself', () => {
    const tests = 'def test_adds():\n    assert 1\n';
    assert.equal(needsRunner('/p/test_adding.py', tests), true);
    assert.equal(needsRunner('/p/adding.py', tests), false);
    const cases = 'import unittest\nclass Adding(unittest.TestCase):\n    def test_adds(self): pass\n';
    assert.equal(needsRunner('/p/adding.py', cases), true);
    assert.equal(
      needsRunner('/p/adding.py', `${cases}if __name__ == "__main__":\n    unittest.main()\n`),
      false,
    );
  });
});
