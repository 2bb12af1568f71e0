import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import type { TaskJson, TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { tree } from '../machine/tree.ts';
import { temporaryFolders } from './part-writer.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

interface Traced {
  readonly output: string;
  readonly json: TraceJson;
  tasks(name: string): readonly TaskJson[];
  /** The module's own row: it began first and awaits the others. */
  readonly module: TaskJson;
}

function trace(example: string): Traced {
  const recording = join(folder(), 'recording');
  const run = (...args: readonly string[]): string => {
    const ran = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };
  const output = run('trace', '--quiet', '--recording', recording, join(tree, 'examples', `${example}.ts`));
  const json = JSON.parse(run('show', '--json', recording)) as TraceJson;
  return {
    output,
    json,
    tasks: (name) => json.tasks.filter((task) => task.name === name),
    module: json.tasks.find((task) => task.kind === 'module')!,
  };
}

const lived = (task: TaskJson): number => task.endNs! - task.startNs;
const overlap = (a: TaskJson, b: TaskJson): boolean => a.startNs < b.endNs! && b.startNs < a.endNs!;

describe('the examples', () => {
  it('include those that are tested here', () => {
    const names = readdirSync(join(tree, 'examples')).filter((name) => name.endsWith('.ts'));
    for (const name of ['chained.ts', 'counting.ts', 'make-random.ts', 'producers-consumers.ts']) {
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
});
