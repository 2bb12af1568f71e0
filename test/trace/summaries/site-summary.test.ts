import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { SiteSummary, SiteWaits } from '../../../runtime/trace/summaries/site-summary.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { REASON } from '../../../runtime/trace/format/kinds.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

function summary(text: string, over = false): Map<string, SiteWaits> {
  const trace = new Trace();
  const sites = new SiteSummary(trace);
  const fold = new Fold([sites], trace);
  fold.feed(0, fromText(text));
  if (over) fold.end();
  sites.countOpen();
  return new Map([...sites.sites].map(([site, waits]) => [`line ${trace.sites[site]!.line}`, waits]));
}

describe('the summary of a site', () => {
  it('counts the waits of a line and says by whom they were ended', () => {
    const line3 = summary(`
      0 0 activationBegin id=1 name="main" kind=main
      1 0 activationBegin id=2 parent=1 name="taker" kind=async-function
      10 0 wait id=2 site="a.ts:3:5 await taker | take()" reason=queue-get
      20 0 wake woken=2 waker=1
      21 0 run id=2 waker=1
      30 0 wait id=2 site="a.ts:3:5 await taker | take()" reason=queue-get
      70 0 run id=2
    `).get('line 3')!;
    assert.deepEqual(
      [line3.count, line3.totalNs, line3.worstNs, line3.minNs, line3.waitingNow],
      [2, 50, 40, 10, 0],
    );
    assert.deepEqual(
      [...line3.wakers],
      [
        ['main', 1],
        ['', 1],
      ],
    );
    assert.deepEqual([...line3.reasons], [[REASON['queue-get'], 2]]);
  });

  it('tells how many wait there now, though none has come back', () => {
    const line3 = summary(`
      0 0 activationBegin id=1 name="a" kind=async-function
      1 0 wait id=1 site="a.ts:3:5 await f | never" reason=value
      2 0 activationBegin id=2 name="b" kind=async-function
      3 0 wait id=2 site="a.ts:3:5 await f | never" reason=value
    `).get('line 3')!;
    assert.deepEqual([line3.waitingNow, line3.count, line3.medianNs], [2, 0, 0]);
  });

  it('counts a task that waits in what it calls once at each line on the way, and nobody after the end', () => {
    const text = `
      0 0 activationBegin id=1 name="transfer" kind=async-function
      10 0 activationBegin id=2 parent=1 name="acquire" kind=async-function
      20 0 wait id=2 site="a.ts:9:5 await acquire | new Promise(f)" reason=future
      25 0 wait id=1 site="a.ts:25:5 await! transfer | audit.acquire()" for=2 reason=task direct
      30 0 activationBegin id=3 name="report" kind=async-function
      40 0 activationBegin id=4 parent=3 name="acquire" kind=async-function
      50 0 wait id=4 site="a.ts:9:5 await acquire | new Promise(f)" reason=future
      55 0 wait id=3 site="a.ts:34:5 await! report | accounts.acquire()" for=4 reason=task direct
    `;
    const now = (over: boolean, more = ''): unknown =>
      [...summary(text + more, over)].map(([line, it]) => [line, it.waitingNow, it.leftWaiting]);
    assert.deepEqual(now(false), [
      ['line 9', 2, 0],
      ['line 25', 1, 0],
      ['line 34', 1, 0],
    ]);
    assert.deepEqual(now(true), [
      ['line 9', 0, 2],
      ['line 25', 0, 1],
      ['line 34', 0, 1],
    ]);
    const ended = `60 0 run id=2
      61 0 activationEnd id=2 outcome=ok
      62 0 run id=1 waker=2
      63 0 activationEnd id=1 outcome=ok`;
    assert.deepEqual(now(false, ended), [
      ['line 9', 1, 0],
      ['line 25', 0, 0],
      ['line 34', 1, 0],
    ]);
  });

  it('counts a function that waits in itself once', () => {
    const line3 = summary(`
      0 0 activationBegin id=1 name="down" kind=async-function
      10 0 activationBegin id=2 parent=1 name="down" kind=async-function
      20 0 wait id=2 site="a.ts:3:5 await! down | down()" reason=future
      25 0 wait id=1 site="a.ts:3:5 await! down | down()" for=2 reason=task direct
    `).get('line 3')!;
    assert.equal(line3.waitingNow, 1);
  });

  it('keeps of the worst wait from which lines its function was called', () => {
    const call = (id: number, line: number, t: number, ns: number): string => `
      ${t} 0 activationBegin id=${id} parent=1 name="load" kind=async-function
      ${t + 1} 0 wait id=${id} site="a.ts:3:5 await load | sleep()" reason=timer
      ${t + 2} 0 wait id=1 site="a.ts:${line}:5 await! main | load()" for=${id} reason=task direct
      ${t + ns} 0 run id=${id}
      ${t + ns} 0 activationEnd id=${id} outcome=ok
      ${t + ns} 0 run id=1
    `;
    const trace = new Trace();
    const sites = new SiteSummary(trace);
    const calls = call(2, 36, 100, 50) + call(3, 37, 200, 90) + call(4, 38, 300, 70);
    const main = '0 0 activationBegin id=1 name="main" kind=async-function';
    new Fold([sites], trace).feed(0, fromText(`${main}\n${calls}`));
    const worst = [...sites.sites.values()].find((waits) => waits.worst)!.worst!;
    assert.deepEqual([worst.startNs, worst.awaitStack?.map((site) => trace.sites[site]!.line)], [201, [37]]);
  });

  it('times an await of one’s own async function from the await to the coming back', () => {
    const sites = summary(`
      0 0 activationBegin id=1 name="outer" kind=async-function
      10 0 activationBegin id=2 parent=1 name="inner" kind=async-function
      20 0 wait id=2 site="a.ts:9:5 await inner | sleep()" reason=timer
      25 0 wait id=1 site="a.ts:3:5 await! outer | inner()" for=2 reason=task direct
      50 0 run id=2
      60 0 activationEnd id=2 outcome=ok
      65 0 run id=1 waker=2
    `);
    assert.equal(sites.get('line 9')!.totalNs, 30);
    assert.deepEqual([sites.get('line 3')!.count, sites.get('line 3')!.totalNs], [1, 40]);
    assert.deepEqual([...sites.get('line 3')!.wakers], [['inner', 1]]);
  });

  it('counts an await of deep frames once, though a frame that has ended woke others meanwhile', () => {
    const sites = summary(`
      0 0 activationBegin id=9 name="other" kind=async-function
      1 0 wait id=9 site="a.ts:40:5 await other | lock" reason=future
      2 0 activationBegin id=1 name="top" kind=async-function
      3 0 activationBegin id=2 parent=1 name="middle" kind=async-function
      4 0 activationBegin id=3 parent=2 name="deep" kind=async-function
      5 0 wait id=3 site="a.ts:9:5 await! deep | sleep()" reason=timer
      6 0 wait id=2 site="a.ts:6:5 await! middle | deep()" for=3 reason=task direct
      7 0 wait id=1 site="a.ts:3:5 await! top | middle()" for=2 reason=task direct
      50 0 run id=3
      51 0 wake woken=9 waker=3
      52 0 activationEnd id=3 outcome=ok
      53 0 run id=9 waker=3
      54 0 activationEnd id=9 outcome=ok
      55 0 run id=2 waker=3
      56 0 activationEnd id=2 outcome=ok
      57 0 run id=1 waker=2
    `);
    assert.deepEqual([sites.get('line 6')!.count, sites.get('line 3')!.count], [1, 1]);
  });

  it('counts each wait of a loop over a generator once, and no turn that had its value at once', () => {
    const turn = (t: number, site: string): string => `
      ${t} 0 wait id=2 site="a.ts:9:5 await! source | sleep()" reason=timer direct
      ${t + 1} 0 wait id=1 site="${site}" for=2 reason=task direct
      ${t + 50} 0 run id=2
      ${t + 51} 0 wait id=2 site="a.ts:10:5 yield source | 1" for=1 reason=consumer
      ${t + 52} 0 wake woken=1 waker=2
      ${t + 53} 0 run id=1 waker=2
      ${t + 54} 0 run id=2 waker=1`;
    const sites = summary(`
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 activationBegin id=2 parent=1 name="source" kind=async-generator
      ${turn(10, 'a.ts:3:5 for-await! main | source()')}
      ${turn(100, 'a.ts:3:5 for-await! main | source()')}
      ${turn(200, 'a.ts:4:5 await! main | more.next()')}
      300 0 wait id=2 site="a.ts:10:5 yield source | 2" for=1 reason=consumer
      301 0 wait id=1 site="a.ts:5:5 await! main | more.next()" for=2 reason=task direct yield
      302 0 run id=1 waker=2
    `);
    const counts = ['line 9', 'line 3', 'line 4', 'line 5', 'line 10'].map(
      (line) => sites.get(line)?.count ?? 0,
    );
    assert.deepEqual(counts, [3, 2, 1, 0, 0]);
  });

  it('counts no rest at a yield as a wait of the caller that went through the generator', () => {
    const sites = summary(`
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 activationBegin id=2 parent=1 name="source" kind=async-generator
      2 0 wait id=2 site="a.ts:9:5 yield source | 1" for=1 reason=consumer
      3 0 wait id=1 site="a.ts:3:5 for-await! main | source()" for=2 reason=task direct
      4 0 wake woken=1 waker=2
      5 0 run id=1 waker=2
      300 0 run id=2 waker=1
      301 0 activationEnd id=2 outcome=ok
      302 0 run id=1 waker=2
    `);
    assert.equal(sites.get('line 9'), undefined);
  });

  it('keeps the median within a hundredth of the true one', () => {
    const waits = new SiteWaits();
    const durations = Array.from({ length: 999 }, (_, i) => 1000 * 1.013 ** ((i * 577) % 999));
    for (const ns of durations) waits.add(ns, 0, '');
    const median = durations.sort((a, b) => a - b)[499]!;
    assert.ok(Math.abs(waits.medianNs / median - 1) < 0.01, `${waits.medianNs} for ${median}`);
  });

  it('says the median of a single wait exactly', () => {
    const waits = new SiteWaits();
    waits.add(3_141_592, 0, '');
    assert.equal(waits.medianNs, 3_141_592);
  });

  it('counts wakers beyond the first sixteen together', () => {
    const waits = new SiteWaits();
    for (let i = 0; i < 20; i++) waits.add(1, 0, `task ${i}`);
    assert.deepEqual([waits.wakers.size, waits.otherWakers], [16, 4]);
  });
});
