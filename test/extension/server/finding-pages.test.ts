/** Each kind of finding has a page, and each page the parts that its reader looks for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, it } from 'mocha';
import { pageOf } from '../../../extension/server/finding-pages.ts';
import { TEST_RULES } from '../../../runtime/launch/test-run/test-findings.ts';
import { tree } from '../../machine/tree.ts';

const folder = join(tree, 'extension/findings');
const pages = readdirSync(folder);

describe('the pages of findings', () => {
  it('are one for each rule, and no others', () => {
    assert.deepEqual(pages.sort(), TEST_RULES.map((rule) => `${rule}.md`).sort());
  });

  for (const name of pages) {
    const rule = name.replace(/\.md$/, '');
    it(`say what ${rule} means, before and after, and when it is wrong`, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      assert.match(
        text,
        /^# ([\w-]+): \S[^\n]+\n\n\S[^]+?\n\nBefore:\n\n```(js|python)\n[^]+?\n```\n\nAfter:\n\n```\2\n[^]+?\n```\n\n## When it is wrong\n\n\S[^]+simul-ignore \1: /,
      );
      assert.ok(text.startsWith(`# ${rule}: `));
      for (const [, code] of text.matchAll(/```js\n([^]+?)\n```/g)) {
        // A part of a function may return.
        const { errors } = parseSync('example.js', `async () => {\n${code}\n}`);
        assert.deepEqual(errors, [], code);
      }
    });
  }

  it('are as many as the README says', () => {
    const readme = readFileSync(join(tree, 'README.md'), 'utf8');
    assert.equal(Number(/\[(\d+) kinds of trouble\]/.exec(readme)?.[1]), pages.length);
  });

  it('are found by the language server', () => {
    const page = pageOf('one-by-one');
    assert.equal(page === null ? '' : fileURLToPath(page), join(folder, 'one-by-one.md'));
    assert.equal(pageOf('no-such-rule'), null);
  });
});
