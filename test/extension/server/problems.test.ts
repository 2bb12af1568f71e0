import assert from 'node:assert/strict';
import { pageOf } from '../../../extension/server/finding-pages.ts';
import { describe, it } from 'mocha';
import { type Problem, problemsOf } from '../../../extension/server/problems.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { hashLine } from '../../../runtime/trace/format/hash.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';

const waiting = (file: string): string => `
  0 0 activationBegin id=1 name="a" kind=async-function
  1 0 wait id=1 site="${file}:3:5 await! a | g()" reason=io
  9 0 processEnd how=exit`;

function problemsIn(
  text: string,
  { silenced = [] as string[], document }: { silenced?: string[]; document?: WholeDocument } = {},
): ReturnType<typeof problemsOf> {
  const trace = new Trace();
  const rules = startRules(trace);
  new Fold(rules.observers, trace).feed(0, fromText(text));
  if (document) {
    const [site] = trace.sites;
    trace.sites[0] = { ...site!, lineHash: hashLine('  await g();') };
  }
  return problemsOf(trace, rules.findings(), {
    silenced: new Set(silenced),
    documentOf: () => document,
  });
}

describe('findings in the list of problems', () => {
  it('stand at their line, with the rule as code and a link to its page', () => {
    const [{ diagnostic: problem }] = problemsIn(waiting('/work/a.ts')).get('file:///work/a.ts') as [Problem];
    assert.deepEqual(
      { ...problem, message: String(problem.message).slice(0, 30) },
      {
        range: { start: { line: 2, character: 4 }, end: { line: 2, character: 7 } },
        severity: 2,
        source: 'simul',
        code: 'never-settled',
        codeDescription: { href: pageOf('never-settled')! },
        message: 'a was still waiting at a.ts:3 ',
        relatedInformation: [],
      },
    );
  });

  it('move with their line in an open document, and go with it', () => {
    const open = (text: string): WholeDocument =>
      new WholeDocument('file:///work/a.ts', 'typescript', 1, text);
    const moved = problemsIn(waiting('/work/a.ts'), { document: open('\n\n\n\n  await g();\n') });
    assert.deepEqual(moved.get('file:///work/a.ts')![0]!.diagnostic.range, {
      start: { line: 4, character: 2 },
      end: { line: 4, character: 12 },
    });
    assert.equal(problemsIn(waiting('/work/a.ts'), { document: open('gone') }).size, 0);
  });

  it('stand in the user’s own file where they name one, and are no notes about packages', () => {
    const own = `
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 resourceBegin id=9 site="/work/node_modules/p/lock.js:7:3 call f" name="db" kind=foreign
      2 0 wait id=1 site="/work/a.ts:4:5 await! main | db.acquire()" for=9 reason=future
      9 0 processEnd how=exit`;
    assert.deepEqual([...problemsIn(own).keys()], ['file:///work/a.ts']);
    const start = (file: string): string => `
      0 0 activationBegin id=1 name="x" kind=main site="${file}:1:1 line <main>"
      300000000 0 activationEnd id=1 outcome=ok`;
    assert.equal(problemsIn(start('/work/node_modules/x/cli.js')).size, 0);
    assert.equal(problemsIn(start('/work/x.js')).size, 1);
  });

  it('are none outside the folders that are asked for: a recording may come from anywhere', () => {
    const keysIn = (file: string): string[] => {
      const trace = new Trace();
      const rules = startRules(trace);
      new Fold(rules.observers, trace).feed(0, fromText(waiting(file)));
      const within = ['/work'];
      const options = { silenced: new Set<string>(), documentOf: () => undefined, within };
      return [...problemsOf(trace, rules.findings(), options).keys()];
    };
    assert.deepEqual(keysIn('/work/a.ts'), ['file:///work/a.ts']);
    for (const file of ['/etc/passwd', '/work/../etc/passwd', '/worker/a.ts', 'file:///work/../etc/passwd'])
      assert.deepEqual(keysIn(file), [], file);
  });

  it('are none of a rule that is silenced, nor of a place that is in no file', () => {
    assert.equal(problemsIn(waiting('/work/a.ts'), { silenced: ['never-settled'] }).size, 0);
    assert.equal(problemsIn(waiting('evalmachine.<anonymous>')).size, 0);
  });
});
