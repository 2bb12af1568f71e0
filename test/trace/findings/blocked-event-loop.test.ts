import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const waiting = `
  0 0 activationBegin id=1 name="a" kind=async-function
  1 0 wait id=1 site="a.ts:3:5 await! a | g()" reason=io
  2 0 activationBegin id=2 name="b" kind=async-function
  3 0 wait id=2 site="a.ts:7:5 await! b | h()" reason=io
`;

describe('a blocked event loop', () => {
  it('is not found in a program that only waits', () => {
    assert.deepEqual(
      findingsOf(`${waiting} 99000000 0 run id=1\n 100000000 0 activationEnd id=1 outcome=ok`),
      [],
    );
  });

  it('names the task that held the thread, between which lines, and the tasks that could have run', () => {
    assert.deepEqual(
      findingsOf(`${waiting}
        1000 0 run id=1
        2000 0 wake woken=2
        340001000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io
      `),
      [
        'warning blocked-event-loop: The thread was held for 340 ms by a, between a.ts:3 and its next wait at a.ts:4; b could have run meanwhile.',
      ],
    );
  });

  it('held up nobody who became ready when it was over', () => {
    const [words = ''] = findingsOf(`${waiting}
      1000 0 run id=1
      340001000 0 activationBegin id=3 parent=1 name="c" kind=async-function
      340002000 0 wait id=3 site="a.ts:9:5 await! c | i()" reason=io
      340003000 0 wake woken=3
      340004000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io
    `);
    assert.match(words, /held for 340 ms by a\b/);
    assert.doesNotMatch(words, /could have run/);
  });

  it('names the line where it began, wherever its task has gone since', () => {
    assert.deepEqual(
      findingsOf(`
        0 0 activationBegin id=1 name="main" kind=main
        1 0 activationBegin id=2 parent=1 name="a" kind=async-function site="a.ts:1:1 function a"
        300000001 0 wait id=2 site="a.ts:4:5 await! a | g()" reason=io
        300000002 0 wait id=1 reason=task for=2
      `),
      [
        'warning blocked-event-loop: The thread was held for 300 ms by a, between its start at a.ts:1 and its next wait at a.ts:4.',
      ],
    );
  });

  describe('again and again between the same lines, too short to be looked into', () => {
    /** Holds of a task each, at their begins. @param times ms */
    const holds = (times: readonly number[], ms: number): string =>
      `0 0 processBegin language=node pid=1\n` +
      times
        .map(
          (begin, i) => `
            ${begin}000000 0 activationBegin id=${i + 1} name="suggest" kind=async-function site="a.ts:4:1 function suggest"
            ${begin + ms}000000 0 activationEnd id=${i + 1} outcome=ok`,
        )
        .join('');

    it('is one finding', () => {
      assert.deepEqual(findingsOf(holds([10, 300, 600, 900, 1200], 120)), [
        'warning blocked-event-loop: suggest held the thread 5 times, for 600 ms in all, between a.ts:4 and its end. A worker thread can do it, or smaller pieces with a setImmediate between them. The longest took 120 ms.',
      ]);
    });

    it('counts from 40 ms on', () => {
      const starts = Array.from({ length: 16 }, (_, i) => 10 + 100 * i);
      assert.match(findingsOf(holds(starts, 45))[0]!, /held the thread 16 times, for 720 ms in all/);
      assert.deepEqual(findingsOf(holds(starts, 35)), []);
    });

    it('is no finding where it is rare, or seldom', () => {
      assert.deepEqual(findingsOf(holds([10, 3000, 6000, 9000, 12000, 15000, 18000], 90)), []);
      assert.deepEqual(findingsOf(holds([10, 200, 400], 90)), []);
    });
  });

  it('is information while the program starts, unless it takes a second or another could have run', () => {
    const start = (ms: number, ready: string): string => `
      0 0 activationBegin id=1 name="a.js" kind=main site="a.js:1:1 line <main>"
      ${ready}
      ${ms}000000 0 activationBegin id=2 parent=1 name="f" kind=async-function site="a.js:9:1 function f"
      ${ms}000001 0 activationEnd id=2 outcome=ok
      ${ms}000002 0 activationEnd id=1 outcome=ok
    `;
    const severity = (ms: number, ready = ''): string | undefined =>
      findingsOf(start(ms, ready))[0]?.replace(
        / .*held for .* by a\.js, running from its start at a\.js:1/,
        '',
      );
    assert.equal(severity(300), 'info.');
    assert.equal(severity(1300), 'error.');
    const woken = `
      1 0 activationBegin id=3 parent=1 name="g" kind=async-function site="a.js:5:1 function g"
      2 0 wait id=3 site="a.js:6:5 await! g | h()" reason=io
      3 0 wake woken=3`;
    assert.equal(severity(300, woken), 'warning; g could have run meanwhile.');
  });

  it('gives its task the number that later tasks of the name make necessary', () => {
    assert.deepEqual(
      findingsOf(`
        0 0 activationBegin id=1 name="handle" kind=async-function site="a.ts:1:1 function handle"
        150000000 0 activationEnd id=1 outcome=ok
        150000001 0 activationBegin id=2 name="handle" kind=async-function site="a.ts:1:1 function handle"
        150000002 0 activationEnd id=2 outcome=ok
      `),
      [
        'warning blocked-event-loop: The thread was held for 150 ms by handle#1, between its start at a.ts:1 and its end.',
      ],
    );
  });

  it('is not said to lie in a body alone, whose end comes after the ticks that it left behind', () => {
    assert.deepEqual(
      findingsOf(`
        0 0 activationBegin id=1 name="a.js" kind=main site="a.js:1:1 line <main>"
        150000000 0 activationEnd id=1 outcome=ok
      `),
      [
        'warning blocked-event-loop: The thread was held for 150 ms by a.js, in its body from a.js:1 on, or in what ran right after that.',
      ],
    );
  });

  it('is information where a package of others starts, as npx does, unless somebody could have run', () => {
    const start = (file: string, meanwhile = ''): string[] =>
      findingsOf(`
        0 0 activationBegin id=1 name="npx" kind=main site="${file}:1:1 line <main>"
        ${meanwhile}
        150000000 0 activationEnd id=1 outcome=ok
      `).map((line) => line.split(' ')[0]!);
    assert.deepEqual(start('/usr/lib/node_modules/npm/bin/npx-cli.js'), ['info']);
    assert.deepEqual(start('/usr/bin/npx'), ['info']);
    assert.deepEqual(start('/work/bin/serve.js'), ['warning']);
    assert.deepEqual(start('/work/src/node_modules.js'), ['warning']);
    const waits = `
      1 0 activationBegin id=2 name="handler" kind=async-function
      2 0 wait id=2 reason=timer
      3 0 wake woken=2`;
    assert.deepEqual(start('/work/node_modules/x/cli.js', waits), ['warning']);
  });

  it('is not found in a worker: its thread is its own', () => {
    const body = (kind: string): string => `
      0 1 activationBegin id=1 name="square" kind=${kind}
      340000000 1 activationEnd id=1 outcome=ok`;
    assert.deepEqual(findingsOf(body('chunk')), []);
    assert.deepEqual(findingsOf(body('thread')), []);
    assert.equal(findingsOf(body('async-function')).length, 1);
  });

  it('does not count time for which the thread was stopped from outside', () => {
    const held = (stops: string): string[] =>
      findingsOf(
        `${waiting} 1000 0 run id=1\n${stops}\n 200001000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io`,
      );
    assert.deepEqual(
      held('50001000 0 pause why=instrument\n 150001001 0 resume why=instrument'),
      [],
      '100 ms ago, and 1 ns less than a hold',
    );
    assert.deepEqual(held('50001000 0 pause why=instrument\n 149001000 0 resume why=instrument'), [
      'warning blocked-event-loop: The thread was held for 101 ms by a, between a.ts:3 and its next wait at a.ts:4.',
    ]);
    assert.deepEqual(held('50001000 0 pause why=breakpoint'), [], 'a stop that goes on');
  });

  it('is found while it goes on, as soon as the clock has gone on', () => {
    assert.deepEqual(findingsOf(`${waiting} 1000 0 run id=2\n 3200001000 0 clock wall=1`), [
      'error blocked-event-loop: b has held the thread for 3.20 s and still does, running on from a.ts:7.',
    ]);
  });

  describe('whose thread was looked at', () => {
    const task = (ms: number, between: string): string => `
      0 0 activationBegin id=1 name="a" kind=async-function site="a.ts:1:1 function a"
      ${between}
      ${ms}000000 0 activationEnd id=1 outcome=ok`;
    const held = (fromMs: number, ms: number, rest: string): string =>
      `${fromMs}000000 0 held top=1 duration=${ms} unit=ms ${rest}`;
    const at = (line: number, fn: string): string => `site="a.ts:${line}:3 line ${fn}"`;

    it('names the function, its line, what it called and where it was called', () => {
      assert.deepEqual(
        findingsOf(
          task(300, held(20, 250, `${at(8, 'check')} name="RegExp.test" from="a.ts:4:2 line a" how=sampled`)),
        ),
        [
          'warning blocked-event-loop: `check` held the thread for 300 ms in RegExp.test at a.ts:8, called at a.ts:4. A pattern without repetitions inside repetitions does not try them all.',
        ],
      );
    });

    it('names the line that was at work longest, and counts the lines of a function together', () => {
      const samples = [
        held(10, 90, `${at(8, 'sum')} how=sampled`),
        held(100, 80, `${at(9, 'sum')} how=sampled`),
      ];
      const other = held(180, 100, `${at(20, 'max')} how=sampled`);
      assert.match(
        findingsOf(task(300, [...samples, other].join('\n')))[0]!,
        /`sum` held the thread for 300 ms at a\.ts:8\. /,
      );
    });

    it('names the place of entry where no function stands out', () => {
      const samples = [0, 1, 2].map((i) =>
        held(i * 100, 100, `${at(10 + i, `f${i}`)} from="a.ts:4:2 line a" how=sampled`),
      );
      assert.match(
        findingsOf(task(300, samples.join('\n')))[0]!,
        / a held the thread for 300 ms at a\.ts:4\. /,
      );
    });

    it('concludes nothing from a look at a small part', () => {
      assert.match(
        findingsOf(task(400, held(20, 50, `${at(8, 'check')} how=sampled`)))[0]!,
        /held for 400 ms by a, between its start/,
      );
    });

    it('is one finding for all holds of one line, each of 50 ms or more', () => {
      const once = (id: number, fromMs: number): string => `
        ${fromMs}000000 0 activationBegin id=${id} name="h" kind=async-function site="a.ts:1:1 function h"
        ${fromMs}000000 0 held top=${id} duration=60 site="a.ts:8:3 line hash" name="pbkdf2Sync" unit=ms how=call
        ${fromMs + 60}000000 0 activationEnd id=${id} outcome=ok`;
      assert.deepEqual(findingsOf([once(1, 100), once(2, 200), once(3, 300)].join('\n')), [
        'warning blocked-event-loop: `hash` held the thread 3 times, for 180 ms in all, in pbkdf2Sync at a.ts:8. `pbkdf2` leaves the thread free. The longest took 60 ms.',
      ]);
      assert.deepEqual(findingsOf(once(1, 100)), [], '60 ms in all');
    });

    it('is not charged with what the machine took', () => {
      const starved = held(10, 250, 'how=starved').replace('top=1 ', '');
      assert.deepEqual(findingsOf(task(300, starved)), []);
      assert.match(
        findingsOf(task(500, `${starved}\n${held(10, 400, `${at(8, 'check')} how=sampled`)}`))[0]!,
        /`check` held the thread for 250 ms at a\.ts:8\. .* For 250 ms more, the machine had no processor for it\.$/,
      );
    });

    it('is information where modules were loaded, however long', () => {
      assert.deepEqual(findingsOf(task(1500, held(0, 1400, 'name="module loading" how=unseen'))), [
        'info blocked-event-loop: Loading modules held the thread for 1.50 s in a, between its start at a.ts:1 and its end.',
      ]);
    });

    it('names what asks for one tick after another', () => {
      const tick = held(20, 200, `${at(13, 'again')} name="process.nextTick" how=rearmed`);
      assert.match(findingsOf(task(400, tick))[0]!, /between its start/, 'one tick asks for the next');
      const ticks = held(20, 380, `${at(13, 'again')} name="process.nextTick" how=rearmed`);
      assert.deepEqual(findingsOf(task(400, `${tick}\n${ticks}`)), [
        'warning blocked-event-loop: `again` held the thread for 400 ms by process.nextTick at a.ts:13, where it asks for itself again before the loop can turn. setImmediate lets timers and I/O have their turn.',
      ]);
    });

    it('is none in a worker thread, where no other task could have run', () => {
      const worker = `0 0 laneBegin name="worker#2" kind=worker\n`;
      const busy = task(300, held(20, 250, `${at(8, 'check')} how=sampled`));
      assert.deepEqual(findingsOf(worker + busy), []);
    });
  });
});
