import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import {
  laneKnownUntil,
  lossAfter,
  processKnownUntil,
  untilOf,
} from '../../../runtime/trace/model/known-until.ts';
import { openWaitOf, openWaits } from '../../../runtime/trace/model/open-waits.ts';
import { timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { SiteSummary } from '../../../runtime/trace/summaries/site-summary.ts';
import { WaitSums } from '../../../runtime/trace/summaries/wait-sums.ts';
import { explainWait } from '../../../runtime/trace/words/explain.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;

function read(text: string) {
  const trace = new Trace();
  const [columns, sums, sites] = [new Columns(trace), new WaitSums(trace), new SiteSummary(trace)];
  const fold = new Fold([columns, sums, sites], trace);
  fold.feed(0, fromText(text));
  fold.end();
  return { trace, columns, sums, sites };
}

const WAITS = `
  0 0 processBegin pid=7
  0 0 activationBegin id=1 name="a" kind=async-function
  ${10 * MS} 0 wait id=1 site="a.ts:3:5 await! a | g()" reason=future
`;
const lost = (where: string, since = 20, until = 900): string =>
  `${WAITS} ${until * MS} 0 lost count=40 since=${since * MS} where=${where}\n`;

describe('a thread', () => {
  it('is not known up to before its own beginning, whatever a damaged trace says of its process', () => {
    const { trace } = read(`${WAITS} ${20 * MS} 0 processEnd how=exit\n${90 * MS} 1 laneBegin kind=worker\n`);
    assert.equal(untilOf(trace, trace.lanes[1]), 90 * MS);
  });
});

describe('a process whose recording stopped', () => {
  for (const [where, cause] of [
    ['limit', 'the recording had reached its size limit'],
    ['disk', 'the disk took no more of the recording'],
    ['permission', 'the permission to write the recording was missing'],
  ] as const) {
    it(`is known up to then, and the ${where} is why: no task is said to wait on`, () => {
      const { trace, columns, sites } = read(`${lost(where)} ${901 * MS} 0 processEnd how=exit`);
      assert.deepEqual(processKnownUntil(trace, trace.processes[0]!), { untilNs: 20 * MS, why: where });
      assert.deepEqual(laneKnownUntil(trace, trace.lanes[0]!), { untilNs: 20 * MS, why: where });
      assert.deepEqual(openWaits(trace), []);
      assert.equal(timesSoFar(trace, 0).waitNs, 10 * MS);
      assert.equal(columns.rowUntilNs(0), 20 * MS);
      sites.countOpen();
      assert.deepEqual(
        [...sites.sites.values()].map((waits) => waits.leftWaiting),
        [],
      );
      const sentences = explainWait(trace, columns, openWaitOf(trace, 0)!).map(plain);
      assert.deepEqual(sentences, [
        `a waited 10 ms at a.ts:3 for \`g()\`; what it did after 20 ms of the trace is unknown: ${cause}.`,
      ]);
      assert.equal(
        plain(describeTask(trace, 0)),
        `a lived 20 ms at least: it ran 10 ms and waited 10 ms; what it did after 20 ms of the trace is unknown: ${cause}.`,
      );
    });

    it(`gives no finding but that records are missing: the ${where}`, () => {
      assert.deepEqual(findingsOf(`${lost(where)} ${901 * MS} 0 processEnd how=exit`), [
        `warning lost-records: 40 records of 49 are missing: ${cause}. What is said here holds for the rest.`,
      ]);
    });
  }

  it('is unknown for what changed with its last record, too', () => {
    const { trace } = read(lost('disk', 10, 10));
    assert.deepEqual(openWaits(trace), []);
    assert.equal(lossAfter(trace, 0)?.sinceNs, 10 * MS);
  });

  it('does not hold its thread to the very end', () => {
    const runs = `0 0 activationBegin id=1 name="f" kind=async-function site="a.ts:1:1 function f"
      ${900 * MS} 0 lost count=9 since=${30 * MS} where=limit
      ${901 * MS} 0 processEnd how=exit`;
    assert.deepEqual(
      findingsOf(runs).filter((words) => !words.includes('lost-records')),
      [],
    );
  });
});

describe('a lane that lost records for a while', () => {
  it('tells of a hold up to the first record that is missing', () => {
    const runs = `0 0 activationBegin id=1 name="f" kind=async-function site="a.ts:1:1 function f"
      ${900 * MS} 0 lost count=9 since=${300 * MS} where=ring`;
    const [held] = findingsOf(runs);
    assert.equal(
      held,
      'warning blocked-event-loop: The thread was held for 300 ms by f, running from its start at a.ts:1.',
    );
  });

  it('charges what comes after the gap to nobody whose next record may be missing', () => {
    const gap = `
      0 0 activationBegin id=1 name="loop" kind=module site="a.ts:1:1 function <module>"
      ${10 * MS} 0 activationBegin id=2 name="f" kind=async-function site="a.ts:3:1 function f"
      ${30 * MS} 0 lost count=9 since=${20 * MS} where=ring
      ${40 * MS} 0 activationBegin id=3 name="f" kind=async-function site="a.ts:3:1 function f"
      ${41 * MS} 0 wait id=3 reason=future
      ${500 * MS} 0 activationBegin id=4 name="f" kind=async-function site="a.ts:3:1 function f"
      ${501 * MS} 0 wait id=4 reason=future
    `;
    assert.deepEqual(
      findingsOf(gap).filter((words) => !words.includes('lost-records')),
      [],
    );
    const { trace } = read(gap);
    assert.equal(timesSoFar(trace, 1).runNs, 10 * MS);
  });

  it('says of tasks whose ends are missing neither that they wait nor that there are more of them', () => {
    const tasks = Array.from({ length: 814 }, (_, i) => i + 1);
    const begun = tasks.map(
      (
        id,
      ) => `${id} 0 activationBegin id=${id} name="worker" site="a.ts:5:1 function worker" kind=async-function
        ${id} 0 wait id=${id} site="a.ts:7:3 await worker | sleep(1)" reason=timer`,
    );
    // Also the begins of others are among the missing records: their ids are unknown.
    const unknown = tasks.map((id) => `${920 * MS + id} 0 run id=${5000 + id}`);
    const text = `0 0 processBegin pid=7
      ${begun.join('\n')}
      ${900 * MS} 0 lost count=2000 since=${20 * MS} where=ring
      ${unknown.join('\n')}
      ${950 * MS} 0 processEnd how=exit`;
    const trace = new Trace();
    const rules = startRules(trace);
    new Fold(rules.observers, trace).feed(0, fromText(text));
    assert.equal(trace.tasks.count, 814);
    assert.deepEqual(openWaits(trace), []);
    assert.deepEqual(
      rules.findings().filter(({ rule }) => rule !== 'lost-records'),
      [],
    );
    // Without the loss they are what the program left behind.
    const whole = text.replace(/.* lost count.*\n/, '');
    assert.ok(findingsOf(whole.replaceAll(/.* run id=5.*\n/g, '')).some((words) => words.includes('worker')));
  });

  it('counts no wait within which records are missing, and no time after the first of them', () => {
    const { trace, sums } = read(`${lost('ring')} ${950 * MS} 0 run id=1`);
    assert.equal(sums.count, 0);
    assert.equal(trace.tasks.waitNs[0], 10 * MS);
  });

  it('knows again what begins after that, and what happens on other lanes', () => {
    const { trace } = read(`
      0 1 activationBegin id=9 name="other" kind=async-function
      1 1 wait id=9 reason=io
      ${lost('ring')}
      ${901 * MS} 0 activationBegin id=2 name="b" kind=async-function
      ${902 * MS} 0 wait id=2 reason=io
    `);
    assert.deepEqual(
      openWaits(trace).map(({ row }) => trace.nameOf(row)),
      ['other', 'b'],
    );
  });

  it('shows its rows up to the gap until their next record comes', () => {
    const { columns, trace } = read(lost('ring'));
    assert.equal(columns.rowUntilNs(0), 20 * MS);
    columns.revisedFromNs = Number.POSITIVE_INFINITY;
    const fold = new Fold([columns], trace);
    assert.ok(fold.trace === trace);
    columns.rowChanged({ row: 0, t: 950 * MS, state: 1, last: 3, reason: 0, ref: -1, target: 0 });
    assert.equal(columns.revisedFromNs, 10 * MS);
  });
});

describe('a process without an end of its own', () => {
  it('is known up to its last record, for it was killed', () => {
    const { trace } = read(WAITS);
    assert.deepEqual(processKnownUntil(trace, trace.processes[0]!), { untilNs: 10 * MS, why: 'killed' });
  });

  it('still runs as long as records come', () => {
    const trace = new Trace();
    new Fold([], trace).feed(0, fromText(WAITS));
    assert.deepEqual(processKnownUntil(trace, trace.processes[0]!), { untilNs: 10 * MS, why: 'running' });
  });
});

describe('a process that a signal ended, as who sent it saw', () => {
  const killed = `${WAITS} ${30 * MS} 0 clock wall=1\n ${900 * MS} 0 processEnd signal=9 how=signal`;

  it('is known up to its own last record: a task may have gone on after that', () => {
    const { trace, columns } = read(killed);
    assert.equal(trace.processes[0]!.endNs, 900 * MS);
    assert.deepEqual(processKnownUntil(trace, trace.processes[0]!), { untilNs: 30 * MS, why: 'killed' });
    assert.deepEqual(laneKnownUntil(trace, trace.lanes[0]!), { untilNs: 30 * MS, why: 'killed' });
    assert.equal(timesSoFar(trace, 0).waitNs, 20 * MS);
    assert.deepEqual(explainWait(trace, columns, openWaitOf(trace, 0)!).map(plain), [
      'a waited 20 ms at a.ts:3 for `g()`, and was still waiting at the last record, 870 ms before the process was ended.',
      'Signal 9 ended the process.',
    ]);
    assert.equal(plain(describeTask(trace, 0)), 'a lived 30 ms at least: it ran 10 ms and waited 20 ms.');
  });

  it('is known to the same moment where its end is read by itself', () => {
    const trace = new Trace();
    const fold = new Fold([], trace);
    fold.feed(0, fromText(WAITS));
    fold.feed(0, fromText(`${900 * MS} 0 processEnd signal=9 how=signal`));
    assert.equal(processKnownUntil(trace, trace.processes[0]!).untilNs, 10 * MS);
  });

  it('held its thread up to that record, and not to the very end', () => {
    const runs = `0 0 activationBegin id=1 name="f" kind=async-function site="a.ts:1:1 function f"`;
    const end = `${900 * MS} 0 processEnd signal=9 how=signal`;
    assert.deepEqual(findingsOf(`${runs}\n ${end}`), []);
    assert.deepEqual(findingsOf(`${runs}\n ${300 * MS} 0 clock wall=1\n ${end}`), [
      'error blocked-event-loop: f held the thread for 300 ms, and still did at the last record, 600 ms before the process was ended, running from its start at a.ts:1.',
    ]);
  });

  it('is known to the end where it sent the signal to itself', () => {
    const { trace } = read(`${WAITS} ${900 * MS} 0 processEnd by=1 signal=15 how=signal`);
    assert.deepEqual(processKnownUntil(trace, trace.processes[0]!), { untilNs: 900 * MS, why: null });
  });
});

describe('a program that was ended by its own call', () => {
  it('left its tasks waiting when it called for its end, and that is what is said', () => {
    const { trace, columns } = read(
      `${WAITS} ${50 * MS} 0 processEnd exitCode=1 site="a.ts:9:3 call main" how=called`,
    );
    assert.deepEqual(explainWait(trace, columns, openWaitOf(trace, 0)!).map(plain), [
      'a waited 40 ms at a.ts:3 for `g()`, and was still waiting at the end.',
      'process.exit(1) was called at a.ts:9.',
    ]);
    assert.deepEqual(findingsOf(`${WAITS} ${50 * MS} 0 processEnd exitCode=1 how=called`), []);
  });
});
