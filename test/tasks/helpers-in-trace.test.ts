/**
 * What the combinators write into a trace: the members of a group, which of them decided, which
 * task cancelled which, and each step of a bare coroutine.
 */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { fromText } from '../../runtime/trace/format/text.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { traceProgram } from '../agent/node/trace-program.ts';

const bodies = `
  function* after(ms, value) { yield* sleep(ms); return value; }
  function* failing(ms) { yield* sleep(ms); throw new Error('bad'); }
  const virtually = (main) => run(main, { clock: 'virtual' });`;

interface Case {
  readonly title: string;
  readonly names: string;
  readonly program: string;
  /** Which records to compare: those that hold one of these words. */
  readonly of: RegExp;
  readonly text: string;
}

const cases: readonly Case[] = [
  {
    title: 'gather: its members, and the last one to end as the one that ended the wait',
    names: 'gather',
    program: `await virtually(function* main() { yield* gather([() => after(9, 'a'), () => after(5, 'b')]); });`,
    of: /^0 (group|resourceBegin .*kind=group|wait id=3|(wake|run) .*resource=6)/,
    text: `
      0 resourceBegin creator=3 id=6 name="gather" kind=group
      0 group parent=3 group=6 child=4 count=1 kind=gather
      0 group parent=3 group=6 child=5 index=1 count=2 kind=gather
      0 wait id=3 for=6 reason=group
      0 group parent=3 group=6 child=4 count=2 kind=gather decides
      0 wake woken=3 waker=4 resource=6
      0 run id=3 waker=4 resource=6 waker=known`,
  },
  {
    title: 'race: the loser is cancelled by the winner',
    names: 'race',
    program: `await virtually(function* main() { yield* race([after(9, 'a'), after(5, 'b')]); });`,
    of: /^0 (group|cancel|.*outcome=cancelled)/,
    text: `
      0 group parent=3 group=6 child=4 count=1 kind=race
      0 group parent=3 group=6 child=5 index=1 count=2 kind=race
      0 group parent=3 group=6 child=5 index=1 count=2 kind=race decides
      0 cancel target=4 by=5 reason="cancelled: another won the race"
      0 activationEnd id=4 error="CancelledError" outcome=cancelled`,
  },
  {
    title: 'group: those that are ended are cancelled by the one that failed, one after another',
    names: 'group',
    program: `await virtually(function* main() {
      yield* group(function* body(g) { g.spawn(after(90)); g.spawn(after(90)); g.spawn(failing(5)); }, { name: 'crawl' });
    }).catch(() => {});`,
    of: /^0 (group|cancel|activationEnd id=[^12])/,
    text: `
      0 group parent=3 group=4 child=5 count=1 kind=task-group
      0 group parent=3 group=4 child=6 index=1 count=2 kind=task-group
      0 group parent=3 group=4 child=7 index=2 count=3 kind=task-group
      0 group parent=3 group=4 child=8 index=3 count=4 kind=task-group
      0 activationEnd id=5 outcome=ok
      0 activationEnd id=8 error="Error" outcome=error
      0 group parent=3 group=4 child=8 index=3 count=4 kind=task-group decides
      0 cancel target=7 by=8 reason="cancelled: another of its group failed"
      0 activationEnd id=7 error="CancelledError" outcome=cancelled
      0 cancel target=6 by=8 reason="cancelled: another of its group failed"
      0 activationEnd id=6 error="CancelledError" outcome=cancelled
      0 activationEnd id=3 error="Error" outcome=error`,
  },
  {
    title: 'timeout: cancelled by nobody but the time, and waited for as what it limits',
    names: 'timeout',
    program: `await virtually(function* main() { yield* timeout(5, function* slow() { yield* after(90); }); }).catch(() => {});`,
    of: /^0 (cancel|wait id=[34])/,
    text: `
      0 wait id=3 for=4 reason=task
      0 wait id=4 for=6 reason=timer
      0 cancel target=4 reason="cancelled: its 5 ms are over"`,
  },
  {
    title:
      'a wait that a cancellation ends: ended by who cancelled, through nothing; also where something had come already',
    names: 'Queue, spawn',
    program: `await virtually(function* main() {
      const queue = new Queue();
      const tasks = [1, 2].map(() => spawn(function* () { yield* queue.get(); }));
      yield* sleep(5);
      tasks[0].cancel();
      queue.putNow(1);
      tasks[1].cancel();
    });`,
    of: /^0 (cancel|(wake|run) .*waker=3)/,
    text: `
      0 cancel target=5 by=3 reason="cancelled"
      0 wake woken=5 waker=3
      0 wake woken=6 waker=3 resource=4
      0 cancel target=6 by=3 reason="cancelled"
      0 run id=5 waker=3 waker=known
      0 run id=6 waker=3 waker=known
      0 wake woken=2 waker=3
      0 run id=2 waker=3 waker=known`,
  },
  {
    title: 'what a run leaves behind: cancelled by its main',
    names: 'spawn',
    program: `await virtually(function* main() { spawn(() => after(90)).onDone(() => {}); yield* sleep(5); });`,
    of: /^0 (cancel|wake woken=[45])/,
    text: `
      0 cancel target=4 by=3 reason="cancelled: the run has ended"
      0 wake woken=4 waker=3`,
  },
  {
    title:
      'then, catch and finally of a future: waited for as what they were asked of, and ended by whoever ended that',
    names: 'group, spawn',
    program: `await virtually(async function main() {
      await spawn(() => failing(5)).catch(() => {});
      await group((g) => { g.spawn(() => after(5)); }).finally(() => {});
      await sleep(5).then(() => 1);
    });`,
    of: /^0 (wait|wake|run) (id|woken)=4 /,
    text: `
      0 wait id=4 for=5 reason=task
      0 wake woken=4 waker=5
      0 run id=4 waker=5 waker=known
      0 wait id=4 for=7 reason=group
      0 wake woken=4 waker=9 resource=7
      0 run id=4 waker=9 resource=7 waker=known
      0 wait id=4 for=6 reason=timer
      0 wake woken=4 resource=6
      0 run id=4 resource=6 waker=external`,
  },
  {
    title: 'retry: each try is a task',
    names: 'retry',
    program: `await virtually(function* main() { yield* retry((n) => n, { until: (n) => n === 3 }); });`,
    of: /^0 activationBegin .*parent=[34]/,
    text: `
      0 activationBegin id=4 parent=3 name="retry" kind=coroutine ready
      0 activationBegin id=5 parent=4 name="try 1" kind=async-task ready
      0 activationBegin id=7 parent=4 name="try 2" kind=async-task ready
      0 activationBegin id=8 parent=4 name="try 3" kind=async-task ready`,
  },
  {
    title:
      'coroutine: each resume with the type of what is sent, each yield with the type of what is given, and its closing',
    names: 'coroutine',
    program: `const it = coroutine(function* echo() { let got = yield 0; for (;;) got = yield [got]; }, { prime: true });
      it.send('a'); it.send(new Map()); it.close();`,
    of: /(id|target)=2\b/,
    text: `
      0 activationBegin id=2 parent=1 name="echo" kind=coroutine ready
      0 run id=2 waker=1 type="undefined" waker=known
      0 wait id=2 type="number" reason=consumer
      0 run id=2 waker=1 type="string" waker=known
      0 wait id=2 type="Array" reason=consumer
      0 run id=2 waker=1 type="Map" waker=known
      0 wait id=2 type="Array" reason=consumer
      0 cancel target=2 by=1 reason="closed"
      0 run id=2 waker=1 type="undefined" waker=known
      0 activationEnd id=2 outcome=cancelled`,
  },
];

describe('The combinators in a trace', () => {
  for (const { title, names, program, of, text } of cases) {
    it(title, async () => {
      const traced = await traceProgram(
        `import { run, sleep, ${names} } from 'simul'; ${bodies} ${program}`,
        {
          times: 'ns',
        },
      );
      assert.equal(traced.code, 0, traced.stderr);
      const fold = new Fold();
      fold.feed(0, fromText(traced.recordings[0]!));
      assert.deepEqual(fold.trace.problems, []);
      const lines = traced.text
        .split('\n')
        .map((line) => line.replace(/^\d+ /, '').replace(/ site="(?:[^"\\]|\\.)*"/, ''))
        .filter((line) => of.test(line));
      assert.deepEqual(lines, linesOf(text));
    });
  }
});

describe('A file without async functions that imports the library', () => {
  it('is instrumented: the line that makes a coroutine is known', async () => {
    const { text } = await traceProgram(
      `import { coroutine } from 'simul';\ncoroutine(function* echo() { yield; }).close();`,
    );
    assert.match(text, /activationBegin id=2 parent=1 site="program\.mjs:2:1 call/);
  });
});

const linesOf = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());
