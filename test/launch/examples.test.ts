import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import type { TaskJson, TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { tree } from '../machine/tree.ts';
import { jsonOf } from '../support/json-of.ts';
import { temporaryFolders } from './part-writer.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

interface Traced {
  readonly output: string;
  readonly json: TraceJson;
  readonly table: string;
  readonly summary: string;
  /** What is said of the line; '': none was asked of. */
  readonly why: string;
  tasks(name: string): readonly TaskJson[];
  /** The module's own row: it began first and awaits the others. */
  readonly module: TaskJson;
}

interface TraceOptions {
  readonly options?: readonly string[];
  /** A line of which is asked. */
  readonly at?: number;
}

function trace(example: string, { options = [], at }: TraceOptions = {}): Traced {
  const recording = join(folder(), 'recording');
  const run = (...args: readonly string[]): string => {
    const ran = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };
  const output = run(
    ...['trace', '--quiet', '--recording', recording, ...options],
    join(tree, 'examples', `${example}.ts`),
  );
  const json = jsonOf(recording);
  return {
    output,
    json,
    table: run('show', recording),
    summary: run('show', '--summary', recording),
    why: at === undefined ? '' : run('why', '--at', `${example}.ts:${at}`, recording),
    tasks: (name) => json.tasks.filter((task) => task.name === name),
    module: json.tasks.find((task) => task.kind === 'module')!,
  };
}

const lived = (task: TaskJson): number => task.endNs! - task.startNs;
const overlap = (a: TaskJson, b: TaskJson): boolean => a.startNs < b.endNs! && b.startNs < a.endNs!;

describe('the examples', () => {
  it('include those that are tested here', () => {
    const names = readdirSync(join(tree, 'examples')).filter((name) => name.endsWith('.ts'));
    for (const name of [
      'chained.ts',
      'counting.ts',
      'generators.ts',
      'make-random.ts',
      'producers-consumers.ts',
    ]) {
      assert.ok(names.includes(name), `${name} is missing`);
    }
  });

  describe('counting', () => {
    let traced: Traced;
    before(() => void (traced = trace('counting')));

    it('prints serial and interleaved counts', () => {
      const serial = ['one', 'two', 'three'].flatMap((name) => [1, 2, 3].map((i) => `${name}: ${i}`));
      const interleaved = [1, 2, 3].flatMap((i) => ['one', 'two', 'three'].map((name) => `${name}: ${i}`));
      const lines = [
        'one after the other',
        ...serial,
        'all at once',
        ...interleaved,
        'all of one, two, three',
      ];
      assert.equal(traced.output, `${lines.join('\n')}\n`);
    });

    it('shows three counters that overlap, and no row for those awaited at once', () => {
      const counts = traced.tasks('count');
      assert.equal(counts.length, 3);
      assert.ok(overlap(counts[0]!, counts[1]!) && overlap(counts[1]!, counts[2]!));
      for (const count of counts)
        assert.deepEqual(
          count.waits.map(({ reason }) => reason),
          ['timer', 'timer', 'timer'],
        );
      // Nine timers in sequence are frames of the module's own row; then it waits for the group.
      assert.deepEqual(
        traced.module.waits.map(({ reason }) => reason),
        [...Array<string>(9).fill('timer'), 'group'],
      );
    });
  });

  it('make-random shows the number of tries of each task as its waits', () => {
    const { output, tasks } = trace('make-random');
    assert.equal(
      output,
      'task 1: 10 is above 9 after 4 tries\ntask 2: 9 is above 8 after 5 tries\ntask 3: 7 is above 6 after 1 tries\n',
    );
    assert.deepEqual(
      tasks('makeRandom').map(({ waits }) => waits.length + 1),
      [4, 5, 1],
    );
  });

  it('chained takes as long as its longest chain, whose parts follow each other', () => {
    const { output, tasks, module } = trace('chained');
    assert.equal(
      output,
      [3, 1, 2].map((n) => `chain ${n}: result${n}-2 derived from result${n}-1\n`).join(''),
    );
    const chains = tasks('chain');
    assert.equal(chains.length, 3);
    for (const chain of chains) assert.equal(chain.waits.length, 2);
    const group = module.waits.find(({ reason }) => reason === 'group');
    const longest = Math.max(...chains.map(lived));
    assert.ok(group!.ns <= longest && group!.ns > longest * 0.8, `${group!.ns} of ${longest} ns`);
    assert.equal(group!.waker, chains[0]!.id, 'the longest chain is the first, and ends the wait');
  });

  it('producers-consumers shows who waited for room, and that consumers ended each wait', () => {
    const { output, tasks } = trace('producers-consumers');
    assert.equal(output, 'the consumers took items worth 1710 in all\n');
    const producers = tasks('produce');
    assert.equal(producers.length, 2);
    const forRoom = producers.flatMap(({ waits }) =>
      waits.filter(({ site }) => site?.text.includes('wakeGivers')),
    );
    assert.ok(forRoom.length > 5, 'the consumers set the pace');
    for (const wait of forRoom) assert.ok(wait.waker !== null, 'a consumer made room');
  });

  describe('generators', () => {
    let traced: Traced;
    before(() => void (traced = trace('generators', { options: ['--generators'], at: 37 })));
    const values = (name: string) =>
      traced
        .tasks(name)
        .map(({ waits, outcome }) => [
          ...waits.map(({ gave, got, reason }) => `${reason}: ${gave ?? 'nothing'}, ${got ?? 'nothing'}`),
          outcome,
        ]);

    it('does what it does untraced', () => {
      assert.equal(
        traced.output,
        'mean 19\nmean 21\nthe first sensor gave 2 readings\nmean 24\n' +
          'left out: RangeError: the sensor is wet\nclosed after 3 readings\n',
      );
    });

    it('shows each yield and resume of the generator that is driven by hand, with the types', () => {
      assert.deepEqual(values('mean'), [
        [
          'consumer: number, Reading',
          'consumer: number, Reading',
          'consumer: number, Reading',
          'consumer: number, RangeError',
          'consumer: number, nothing',
          'cancelled',
        ],
      ]);
    });

    it('shows those that a loop drives, and to which one delegates, to their end or until it is left', () => {
      const given = 'consumer: Reading, undefined';
      assert.deepEqual(values('sensor'), [
        [given, given, 'ok'],
        ['consumer: Reading, nothing', 'cancelled'],
      ]);
      assert.deepEqual(values('sensors'), [
        ['consumer: nothing, number', 'consumer: nothing, nothing', 'cancelled'],
      ]);
      for (const name of ['mean', 'sensors', 'sensor'])
        for (const { parent, kind } of traced.tasks(name))
          assert.deepEqual([parent, kind], [traced.module.id, 'generator']);
    });

    it('says what was exchanged, who closed it, and takes a rest for no wait that is to be explained', () => {
      assert.match(
        traced.why,
        /^mean waited \S+ ms at generators\.ts:37 to be asked for the next item \(it had given a number and got an? \w+\)\./,
      );
      assert.match(traced.table, /^0:\d+ +mean +generators\.ts:31 +0:\d+ +closed /m);
      assert.doesNotMatch(traced.summary, /Longest wait: (?:mean|sensors)/);
      assert.match(traced.summary, /of the time that 2 waits took/);
      assert.deepEqual(
        traced.json.findings.filter(({ severity }) => severity !== 'info'),
        [],
      );
    });
  });

  it('without the option has no row for a generator', () => {
    const { tasks, module } = trace('generators');
    assert.deepEqual([tasks('mean'), tasks('sensor')], [[], []]);
    assert.equal(module.waits.length, 2);
  });
});
