/** What the editor shows of a recording whose names are meant to become something else. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic, Hover } from 'vscode-languageserver/node';
import { hintsIn } from '../../../extension/server/hints.ts';
import { hoverAt } from '../../../extension/server/hovers.ts';
import { lensesIn } from '../../../extension/server/lenses.ts';
import { problemsOf } from '../../../extension/server/problems.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { SiteSummary } from '../../../runtime/trace/summaries/site-summary.ts';

const LINK = '[free](command:workbench.action.quit)';
const MARKUP = '<img src=x onerror=alert(1)>';
const TURNED = '\u202Ecte/drowssap\u202C';
const UNSEEN = 'a\u200Bb\u2066c';
const NAMES = [LINK, MARKUP, TURNED, UNSEEN];
/** Nothing of these is ever shown as it is. */
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

function factsOf(file: string): { trace: Trace; problems: Map<string, Diagnostic[]>; summary: SiteSummary } {
  const trace = new Trace();
  const summary = new SiteSummary(trace);
  const rules = startRules(trace);
  const fold = new Fold([summary, ...rules.observers], trace);
  const tasks = NAMES.map((name, i) => {
    const site = JSON.stringify(`${file}:3:3 await! f | ${name}`);
    return `${i} 0 activationBegin id=${i + 1} name=${JSON.stringify(name)} kind=async-function
      ${i} 0 wait id=${i + 1} site=${site} reason=io`;
  });
  const done = JSON.stringify(`${file}:2:3 await! f | ${LINK}`);
  fold.feed(
    0,
    fromText(`${tasks.join('\n')}
      10 0 activationBegin id=90 name=${JSON.stringify(MARKUP)} kind=async-function
      11 0 wait id=90 site=${done} reason=future
      20 0 activationBegin id=91 name=${JSON.stringify(LINK + TURNED)} kind=async-function
      90000000 0 wake woken=90 waker=91
      90000001 0 run id=90 waker=91
      90000002 0 activationEnd id=90 outcome=ok
      90000003 0 activationEnd id=91 outcome=ok
      99000000 0 processEnd how=exit`),
  );
  fold.end();
  summary.countOpen();
  const problems = problemsOf(trace, rules.findings(), {
    silenced: new Set(),
    documentOf: () => undefined,
  });
  const diagnostics = [...problems].map(
    ([uri, all]) => [uri, all.map(({ diagnostic }) => diagnostic)] as const,
  );
  return { trace, problems: new Map(diagnostics), summary };
}

describe('hostile names in the editor', () => {
  const file = '/work/a.ts';
  const { trace, problems, summary } = factsOf(file);
  const document = new WholeDocument(`file://${file}`, 'typescript', 1, 'a();\n\n\n');
  const measured = [...summary.sites].map(([index, waits]) => ({
    site: { ...trace.sites[index]!, lineHash: document.hashes[trace.sites[index]!.line - 1]! },
    waits,
    longest: () => NAMES,
    findings: () => NAMES,
  }));

  it('are text in hovers: no markup, no link, no line that is turned', () => {
    const hover = hoverAt(document, measured, { line: 1, character: 9 }) as Hover;
    const { value } = hover.contents as { readonly value: string };
    assert.equal(/[[\]()<>`*_\\!]/.test(value), false, value);
    assert.equal(DANGEROUS.test(value), false);
    const shown = value.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    assert.equal(DANGEROUS.test(shown), false, JSON.stringify(shown));
    for (const name of [LINK, MARKUP]) assert.ok(shown.includes(name), shown);
  });

  it('are text in the list of problems, in messages and in related lines', () => {
    const [all] = [...problems.values()];
    assert.ok(all!.length > 0);
    for (const { message, relatedInformation } of all!)
      for (const words of [message, ...(relatedInformation ?? []).map(({ message: of }) => of)])
        assert.equal(DANGEROUS.test(String(words)), false, JSON.stringify(words));
  });

  it('are in neither hints nor lenses', () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const shown = [
      ...hintsIn(document, measured, range).map(({ label }) => String(label)),
      ...lensesIn(document).map(({ command }) => command!.title),
    ].join('\n');
    assert.match(shown, /waited|waiting/);
    for (const name of [...NAMES, 'command:']) assert.ok(!shown.includes(name), shown);
  });

  for (const path of [
    'file://evil.example/share/a.ts',
    'https://evil.example/a.ts',
    'command:workbench.action.quit',
    'evalmachine.<anonymous>',
    'node:fs',
    '../../etc/passwd',
  ])
    it(`no problem stands at ${path}`, () => {
      assert.deepEqual([...factsOf(path).problems.keys()], []);
    });
});
