import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Session } from '../../../media/worker/session/session.ts';
import { overviewOf } from '../../../media/worker/words/overview.ts';
import { summarize } from '../../../media/worker/words/summary.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';

const S = 1_000_000_000;
const UNITS: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9, min: 60 };

/** All times that a text tells, in seconds. */
const timesIn = (text: string): number[] =>
  [...text.matchAll(/(\d[\d,]*(?:\.\d+)?) (min|ms|µs|ns|s)\b/g)].map(
    ([, figure, unit]) => Number(figure!.replaceAll(',', '')) * UNITS[unit!]!,
  );

describe('The figures of one view', () => {
  it('tell no time that is longer than the run: forty tasks that wait a second each wait a second', () => {
    const lines = [
      '0 0 processBegin pid=1 argv="node a.ts"',
      '0 0 laneBegin osThread=1 name="main" kind=main',
      '0 0 activationBegin id=1 site="/p/a.ts:1:1 function main" name="main" kind=async-function',
      '1000 0 wait id=1 site="/p/a.ts:2:1 await main | Promise.all(all)" reason=future',
    ];
    for (let id = 2; id < 42; id++)
      lines.push(
        `${2000 + id} 0 activationBegin id=${id} parent=1 site="/p/a.ts:5:1 function tick" name="tick" kind=async-function`,
        `${2100 + id} 0 wait id=${id} site="/p/a.ts:6:1 await tick | sleep(900)" reason=timer`,
      );
    lines.push(
      '5000 0 activationBegin id=50 parent=1 site="/p/a.ts:9:1 function hog" name="hog" kind=async-function',
      `${S} 0 times ran=990000000`,
      `${S} 0 processEnd how=signal exitCode=143`,
    );
    const session = new Session(1, false);
    session.feed(0, fromText(lines.join('\n')));
    session.endTrace();
    session.updateFindings();
    const { verdict, findings, waits, where, explainedShare } = overviewOf(session);
    const words = [
      summarize(session),
      verdict,
      explainedShare,
      ...findings.map((finding) => finding.words),
      ...waits.map((wait) => wait.words),
    ].map(plain);
    words.push(...where.map(({ time }) => time));
    const times = timesIn(words.join('\n'));
    assert.ok(times.length > 5, words.join('\n'));
    for (const time of times) assert.ok(time <= 1.005, `${time} s in a run of 1 s:\n${words.join('\n')}`);
  });
});
