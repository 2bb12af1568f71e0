import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hintsIn } from '../../../extension/server/hints.ts';
import { hoverAt } from '../../../extension/server/hovers.ts';
import type { MeasuredSite } from '../../../extension/server/place-sites.ts';
import { WholeDocument } from '../../../extension/server/whole-document.ts';
import { SiteWaits } from '../../../runtime/trace/summaries/site-summary.ts';
import { LANGUAGE, REASON } from '../../../runtime/trace/format/kinds.ts';
import { hashLine } from '../../../runtime/trace/format/hash.ts';

const SOURCE = ['async function f() {', '  const r = await g();', '  await sleep(5);', '}'];
const document = (lines: readonly string[]): WholeDocument =>
  new WholeDocument('file:///work/a.ts', 'typescript', 1, lines.join('\n'));
const everywhere = { start: { line: 0, character: 0 }, end: { line: 9999, character: 0 } };

function measured(
  line: number,
  column: number,
  text: string,
  waitsMs: readonly number[],
  waker = 'producer',
): MeasuredSite {
  const waits = new SiteWaits();
  for (const ms of waitsMs) waits.add(ms * 1e6, REASON['queue-get'], waker);
  const lineHash = hashLine(SOURCE[line - 1]!);
  const site = {
    index: 0,
    process: 0,
    file: '/work/a.ts',
    line,
    column,
    fn: 'f',
    text,
    role: 2,
    direct: true,
    note: 0,
    lineHash,
  };
  return { site, waits, longest: () => [] };
}

const hintLines = (lines: readonly string[], sites: readonly MeasuredSite[]): string[] =>
  hintsIn(document(lines), sites, everywhere).map(
    ({ position, label }) => `${position.line}:${position.character} ${String(label)}`,
  );

describe('the hint on an await', () => {
  const site = measured(2, 13, 'g()', [3.1, 3.1, 3.1, 1200]);

  it('stands at the end of the line and says how often and how long it waited', () => {
    assert.deepEqual(hintLines(SOURCE, [site]), ['1:22 waited 4× · median 3.1 ms · worst 1.20 s']);
  });

  it('says a single wait simply', () => {
    assert.deepEqual(hintLines(SOURCE, [measured(3, 3, 'sleep(5)', [5])]), ['2:17 waited 5.0 ms']);
  });

  it('moves with its line when lines are inserted above', () => {
    assert.deepEqual(hintLines(['// new', '// lines', ...SOURCE], [site]), [
      '3:22 waited 4× · median 3.1 ms · worst 1.20 s',
    ]);
  });

  it('stays when only the indentation changes, and goes when the line does', () => {
    assert.equal(
      hintLines(
        SOURCE.map((line) => `    ${line.trim()}`),
        [site],
      ).length,
      1,
    );
    assert.deepEqual(
      hintLines(
        SOURCE.map((line) => line.replace('g()', 'h()')),
        [site],
      ),
      [],
    );
  });

  it('is not shown for a line far from where it ran', () => {
    assert.deepEqual(hintLines([...Array.from({ length: 300 }, () => ''), ...SOURCE], [site]), []);
  });

  it('says that tasks wait there now', () => {
    const unfinished = measured(2, 13, 'g()', []);
    unfinished.waits.waitingNow = 3;
    assert.deepEqual(hintLines(SOURCE, [unfinished]), ['1:22 3 waiting now']);
    unfinished.waits.waitingNow = 0;
    unfinished.waits.leftWaiting = 2;
    assert.deepEqual(hintLines(SOURCE, [unfinished]), ['1:22 2 still waiting at the end']);
  });

  it('is given only for the visible lines', () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    assert.deepEqual(hintsIn(document(SOURCE), [site], range), []);
  });
});

describe('the hover on an await', () => {
  /** The text as VS Code shows it. */
  const rendered = (markdown: string): string =>
    markdown
      .replaceAll('  \n', '\n')
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const raw = (sites: readonly MeasuredSite[], line = 1, character = 20) =>
    hoverAt(document(SOURCE), sites, { line, character })?.contents as
      { readonly kind: string; readonly value: string } | undefined;
  const words = (sites: readonly MeasuredSite[], line = 1, character = 20): unknown => {
    const contents = raw(sites, line, character);
    return contents && { ...contents, value: rendered(contents.value) };
  };

  it('says how long, for what, and who ended it most, in plain text', () => {
    const site = measured(2, 13, 'g()', [1, 2, 3]);
    site.waits.add(4e6, REASON.timer, '');
    assert.deepEqual(words([site]), {
      kind: 'markdown',
      value: [
        'Simul: await g() waited 4 times, 10 ms in all (median 2.0 ms, worst 4.0 ms).',
        'Waited for: queue get (3×), timer (1×).',
        'Ended most by producer (3 of 4; no waker recorded for 1).',
      ].join('\n'),
    });
  });

  it('names what was awaited in the words of the language', () => {
    const site = measured(2, 13, 'g()', [1, 2]);
    site.waits.reasons.clear();
    site.waits.reasons.set(REASON.future, 2);
    const reasons = (language: number): string =>
      (words([{ ...site, language }]) as { value: string }).value.split('\n')[1]!;
    assert.equal(reasons(LANGUAGE.node), 'Waited for: promise.');
    assert.equal(reasons(LANGUAGE.python), 'Waited for: future.');
  });

  it('says first what was found at the line', () => {
    const found = ['main waits for lock db, which it holds itself: it waits for ever.'];
    const site = { ...measured(2, 13, 'g()', [4]), findings: () => found };
    const { value } = words([site]) as { value: string };
    assert.deepEqual(value.split('\n').slice(0, 2), [found[0], 'Simul: await g() waited once, 4.0 ms.']);
  });

  it('says "most" only of a waker that ended more than half', () => {
    const site = measured(2, 13, 'g()', [1, 2]);
    for (const waker of ['the timer a', 'b', 'c', 'd', '']) site.waits.add(1e6, 1, waker);
    assert.match(
      (words([site]) as { value: string }).value,
      /\nEnded by producer \(2×\), the timer a \(1×\), b \(1×\), others \(2×\); no waker recorded for 1\.$/,
    );
  });

  it('says how many tasks wait there now, and how many still did at the end', () => {
    const site = measured(2, 13, 'g()', []);
    site.waits.waitingNow = 2;
    assert.deepEqual(words([site]), { kind: 'markdown', value: 'Simul: 2 tasks wait here now.' });
    site.waits.waitingNow = 0;
    site.waits.leftWaiting = 1;
    assert.deepEqual(words([site]), {
      kind: 'markdown',
      value: 'Simul: 1 task was still waiting here at the end.',
    });
  });

  it('describes the longest wait in the words of the panel, and a single wait only so', () => {
    const longest = () => ['f waited 3.0 ms at a.ts:2 for the timer setTimeout 3 ms.'];
    const lines = (waitsMs: readonly number[]): string =>
      (words([{ ...measured(2, 13, 'g()', waitsMs), longest }]) as { value: string }).value;
    assert.match(
      lines([1, 3]),
      /\nThe longest: f waited 3\.0 ms at a\.ts:2 for the timer setTimeout 3 ms\.$/,
    );
    assert.equal(
      lines([3]),
      'Simul: await g() waited once, 3.0 ms.\nf waited 3.0 ms at a.ts:2 for the timer setTimeout 3 ms.',
    );
  });

  it('makes neither links nor markup from the text of a trace', () => {
    const text = '[x](command:y) <b>https://evil.example www.evil.example a@evil.example `c`\n# d';
    const contents = raw([measured(2, 13, text, [1])]);
    assert.match(rendered(contents!.value), /\[x\]\(command:y\) <b>https:\/\/evil\.example/);
    assert.doesNotMatch(contents!.value.replace(/&#\d+;/g, ''), /[^\p{L}\p{N} \n]/u);
  });

  it('says so when no waker was recorded', () => {
    assert.match(JSON.stringify(words([measured(2, 13, 'g()', [1], '')])), /No waker was recorded\./);
  });

  it('is silent beside the await and on other lines', () => {
    assert.equal(words([measured(2, 13, 'g()', [1])], 1, 3), undefined);
    assert.equal(words([measured(2, 13, 'g()', [1])], 2), undefined);
  });
});
