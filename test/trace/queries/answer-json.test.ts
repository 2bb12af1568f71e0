import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printableJson } from '../../../runtime/trace/format/printable.ts';
import type { Answer, Cause } from '../../../runtime/trace/queries/answer.ts';
import { makeAnswerJson, type AnswerJson } from '../../../runtime/trace/queries/answer-json.ts';
import { querySourceOf } from '../../support/query-text.ts';

/** Names as long and as hostile as a trace may hold them. */
const LONG = `"\\\u202e${'ä😀'.repeat(400)}`;
const { trace } = querySourceOf(
  `0 0 activationBegin id=1 name=${JSON.stringify(LONG)} kind=async-function ` +
    `site=${JSON.stringify(`/${'folder/'.repeat(60)}a.ts:3:1 function ${'f'.repeat(300)}`)}`,
);

const cause = (i: number): Cause => ({
  rule: 'never-settled',
  severity: 'warning',
  words: [`cause ${i}: ${LONG}`],
  sites: [0, 0, 0, 0],
  tasks: Array<number>(50).fill(0),
  gainNs: 1.5,
  events: Array.from({ length: 50 }, (_, n) => ({ process: 0, number: n + 1_000_000 })),
});
const answer: Answer = {
  verdict: [LONG],
  causes: Array.from({ length: 40 }, (_, i) => cause(i)),
  where: Array.from({ length: 8 }, (_, i) => ({ site: 0, resource: `${i} ${LONG}`, ns: i, share: 1 / 3 })),
  wholeNs: 28,
  unseen: Array.from({ length: 9 }, (_, i) => `${i} ${LONG}`),
};

function pagesOf(whole: Answer): AnswerJson[] {
  const pages: AnswerJson[] = [];
  for (let cursor: string | undefined; ;) {
    const page = makeAnswerJson(trace, whole, { cursor })!;
    pages.push(page);
    if (page.cursor === null) return pages;
    ({ cursor } = page);
  }
}

describe('the JSON of an answer', () => {
  const pages = pagesOf(answer);

  it('has at most 2,400 bytes a page, however long the names are', () => {
    for (const page of pages) {
      const bytes = Buffer.byteLength(printableJson(JSON.stringify(page)));
      assert.ok(bytes <= 2400, `${bytes} bytes`);
    }
  });

  it('holds everything once, in order, over all pages', () => {
    const numbers = (words: readonly string[]): number[] => words.map((text) => Number(/\d+/.exec(text)![0]));
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    assert.deepEqual(numbers(pages.flatMap(({ causes }) => causes.map(({ words }) => words))), upTo(40));
    assert.deepEqual(numbers(pages.flatMap(({ where }) => where.map(({ resource }) => resource))), upTo(8));
    assert.deepEqual(numbers(pages.flatMap(({ unseen }) => unseen)), upTo(9));
  });

  it('has something of each list on its first page', () => {
    const [first] = pages;
    assert.ok(first!.causes.length > 0 && first!.where.length > 0);
    assert.equal(first!.version, 1);
    assert.deepEqual(Object.keys(first!), ['version', 'verdict', 'causes', 'where', 'unseen', 'cursor']);
    assert.deepEqual(Object.keys(first!.causes[0]!), [
      'rule',
      'severity',
      'words',
      'sites',
      'tasks',
      'gainNs',
      'events',
    ]);
    assert.match(first!.causes[0]!.events[0]!, /^0:\d+$/);
  });

  it('says where the CPU time went, if that was asked for', () => {
    const cpu = { rows: answer.where, wholeNs: 28, samples: 6 };
    const all = pagesOf({ ...answer, cpu });
    assert.equal(all.flatMap((page) => page.cpu ?? []).length, 8);
    for (const page of all) assert.ok(Buffer.byteLength(printableJson(JSON.stringify(page))) <= 2400);
    assert.equal('cpu' in pagesOf({ ...answer, cpu: null })[0]!, false);
  });

  it('refuses a cursor that is none of this answer', () => {
    for (const cursor of ['', 'x', '1.2', '0.0.0.0', '41.0.0.0.0', '0.0.0.1.0', '0.0.0.0.1', '-1.0.0.0.0'])
      assert.equal(makeAnswerJson(trace, answer, { cursor }), null, cursor);
  });
});
