/** Each kind of finding has a page, to which the list of problems leads. */
import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { RULES } from '../../runtime/trace/findings/registry.ts';
import { tree } from '../machine/tree.ts';

const folder = join(tree, 'extension/findings');
/** Findings that `simul test` makes of a run, and no rule of a trace. */
const OF_TESTS = ['leaked-task'];

describe('the pages about findings', () => {
  const pages = readdirSync(folder).sort();

  it('are one for each rule', () => {
    const rules = [...new Set(RULES.map(({ name }) => name)), ...OF_TESTS];
    deepEqual(pages, rules.map((name) => `${name}.md`).sort());
  });

  it('begin with the rule, and say when it is wrong and how it is silenced', () => {
    for (const page of pages) {
      const text = readFileSync(join(folder, page), 'utf8');
      const rule = page.replace(/\.md$/, '');
      equal(text.startsWith(`# ${rule}: `), true, page);
      equal(text.includes('## When it is wrong'), true, page);
      equal(text.includes(`simul-ignore ${rule}: `), true, page);
    }
  });

  it('are as many as the README says', () => {
    const said = /\[(\d+) kinds of trouble\]/.exec(readFileSync(join(tree, 'README.md'), 'utf8'))?.[1];
    equal(Number(said), pages.length);
  });
});
