import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const begun = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="main" kind=main
  2 0 activationBegin id=2 parent=1 name="load" site="app.mjs:3:1 function load" kind=async-function
`;

describe('output that is cut off', () => {
  const lost = '5 0 fact site="app.mjs:12:9 line" text="stdout" amount=1200000 what=cut-off\n';
  const end = '4 0 activationEnd id=2 outcome=ok\n4 0 activationEnd id=1 outcome=ok\n';
  const called = '6 0 processEnd exitCode=3 site="app.mjs:12:9 line" how=called\n';

  it('is told with its bytes and the line that ended the process', () => {
    assert.deepEqual(findingsOf(begun + end + lost + called), [
      'error cut-off: process.exit at app.mjs:12 ended the process while 1.2 MB of stdout was not yet written: that output is lost. Set process.exitCode = 3 instead, and the process ends once all is written.',
    ]);
  });

  it('is one finding a process, whatever was cut off', () => {
    const file = '5 0 fact site="app.mjs:12:9 line" text="the file a.txt" amount=900 what=cut-off\n';
    const [words, ...others] = findingsOf(begun + end + lost + file + called);
    assert.match(words!, /1\.2 MB of stdout, 900 bytes of the file a\.txt were not yet written/);
    assert.deepEqual(others, []);
  });

  it('names the calls that were still writing files', () => {
    const write = (line: number, name: string): string =>
      `5 0 fact site="app.mjs:12:9 line" called="app.mjs:${line}:3 line save" text="the file ${name}" what=cut-off\n`;
    const [words] = findingsOf(begun + end + write(7, 'a.txt') + write(9, 'b.txt') + called);
    assert.match(
      words!,
      /: process\.exit at app\.mjs:12 ended the process while the file a\.txt \(begun at app\.mjs:7\), /,
    );
    assert.match(words!, /the file b\.txt \(begun at app\.mjs:9\) were not yet written/);
  });
});

describe('a timer that was unref-ed', () => {
  const waits = `
    3 0 resourceBegin id=9 name="expired" kind=event
    4 0 wait id=2 site="app.mjs:5:9 await load | once(store)" for=9 reason=event
    5 0 activationEnd id=1 outcome=ok
  `;
  const timer = (by: number): string =>
    `6 0 fact id=${by} site="app.mjs:7:3 line add" text="setTimeout 50 ms" what=unref-timer\n`;
  const ended = '7 0 processEnd how=exit\n';
  const rules = (text: string): string[] => findingsOf(text).map((words) => words.split(/[ :]/)[1]!);

  it('explains the end where the task that waits had set it', () => {
    assert.match(
      findingsOf(begun + waits + timer(2) + ended)[0]!,
      /^error unref-timer: setTimeout 50 ms \(app\.mjs:7\) was unref-ed .* while load still waited at app\.mjs:5 .*expired/,
    );
  });

  it('explains nothing where another had set it, or where the process did not come to its end', () => {
    assert.ok(!rules(begun + waits + timer(0) + ended).includes('unref-timer'));
    const exits = ended.replace('exit', 'called');
    assert.ok(!rules(begun + waits + timer(2) + exits).includes('unref-timer'));
  });

  it('explains nothing where the function that had set it has failed', () => {
    const failed = `
      2 0 activationBegin id=3 parent=2 name="add" kind=async-function
      2 0 activationEnd id=3 outcome=error error="Error: no"`;
    assert.ok(
      rules(begun + failed.replace('error error="Error: no"', 'ok') + waits + timer(3) + ended).includes(
        'unref-timer',
      ),
    );
    assert.ok(!rules(begun + failed + waits + timer(3) + ended).includes('unref-timer'));
  });
});

describe('a request that is never answered', () => {
  const over = '3 0 activationEnd id=2 outcome=ok\n4 0 activationEnd id=1 outcome=ok\n';
  const request = (t: number): string =>
    `${t} 0 fact site="app.mjs:7:1 line" text="GET /orders" amount=14 what=never-answered\n`;
  const ended = `${S} 0 processEnd how=exit\n`;

  it('is told with the lines of the function that ran last for it', () => {
    assert.match(
      findingsOf(begun + over + request(S - 5) + ended)[0]!,
      /^error never-answered: GET \/orders was never answered: .* function at app\.mjs:7–14\./,
    );
    const two = request(S - 6) + request(S - 5);
    assert.match(findingsOf(begun + over + two + ended)[0]!, /: 2 requests GET \/orders were never answered/);
  });

  it('is not told where it may have been answered since', () => {
    assert.deepEqual(findingsOf(begun + over + request(5) + ended), []);
    // A look while nothing happened, and the answer came just after it.
    const answers = `${S - 3} 0 activationBegin id=9 name="answer" kind=timer-callback\n${S - 2} 0 activationEnd id=9 outcome=ok\n`;
    assert.deepEqual(findingsOf(begun + over + request(S - 5) + answers + ended), []);
    assert.deepEqual(findingsOf(begun + over + request(2 * S) + `${3 * S} 0 fact what=unclosed\n`), []);
  });

  it('is told of a process that hung on it until somebody interrupted it', () => {
    const hangs = begun + over + request(2 * S) + request(3 * S);
    const [words, ...others] = findingsOf(`${hangs}${4 * S} 0 processEnd signal=2 how=signal\n`);
    assert.match(words!, /^error never-answered: GET \/orders was never answered/);
    assert.deepEqual(others, []);
  });
});
