/**
 * The examples of the library, one for each system it offers: each does what it says, and its trace
 * shows what happened. Times that depend on the machine are only compared with each other; on the
 * virtual clock they are exact.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { TaskJson, TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { tree } from '../machine/tree.ts';
import { jsonOf } from '../support/json-of.ts';
import { temporaryFolders } from './part-writer.ts';

const cli = join(tree, 'dist/cli.js');
const examples = join(tree, 'examples/library');
const folder = temporaryFolders();
const tested = new Set<string>();

class Example {
  readonly output: string;
  readonly json: TraceJson;

  constructor(name: string) {
    const recording = join(folder(), 'recording');
    this.output = run('trace', '--quiet', '--recording', recording, join(examples, `${name}.ts`));
    this.json = jsonOf(recording);
  }

  tasks(name: string): readonly TaskJson[] {
    return this.json.tasks.filter((task) => task.name === name);
  }
  task(name: string): TaskJson {
    const [task, ...more] = this.tasks(name);
    assert.ok(task !== undefined && more.length === 0, `${1 + more.length} tasks are called ${name}`);
    return task;
  }
  children(task: TaskJson): readonly TaskJson[] {
    return this.json.tasks.filter(({ parent }) => parent === task.id);
  }
  resource(kind: string, name: string) {
    const found = this.json.resources.find((resource) => resource.kind === kind && resource.name === name);
    assert.ok(found, `there is no ${kind} called ${name}`);
    return found;
  }
  /**
   * The names of the tasks that ended a task's waits with this reason, in the order of the waits.
   */
  wakers(task: TaskJson, reason: string): (string | null | undefined)[] {
    return task.waits
      .filter((wait) => wait.reason === reason)
      .map(({ waker }) => this.json.tasks.find(({ id }) => id === waker)?.name);
  }
}

function run(...args: readonly string[]): string {
  const ran = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    cwd: examples,
    maxBuffer: 2 ** 28,
  });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

/** The tests of one example, which is traced once. */
function example(name: string, tests: (traced: () => Example) => void): void {
  describe(name, () => {
    let traced: Example;
    tested.add(`${name}.ts`);
    before(function () {
      this.timeout(60_000);
      traced = new Example(name);
    });
    tests(() => traced);
  });
}

/** Records of one moment of the virtual clock are a nanosecond apart. */
const microseconds = (ns: number): number => Math.round(ns / 1000);
const reasons = ({ waits }: TaskJson): (string | null)[] => waits.map(({ reason }) => reason);
const lived = (task: TaskJson): number => task.endNs! - task.startNs;
const overlap = (a: TaskJson, b: TaskJson): boolean => a.startNs < b.endNs! && b.startNs < a.endNs!;

describe('the examples of the library', () => {
  after(() => {
    const there = readdirSync(examples).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
    assert.deepEqual(there.sort(), [...tested].sort(), 'each example is tested here');
  });

  example('processes', (traced) => {
    it('shows a process for each that was started, whose child it is, and how it ended', () => {
      const { processes } = traced().json;
      const [parent, ...children] = processes;
      assert.ok(children.length >= 3, 'the one that was terminated may not have got as far as to record');
      for (const child of children) assert.equal(child.parentPid, parent!.pid);
      assert.deepEqual(
        processes.slice(0, 4).map(({ exitCode }) => exitCode),
        [0, 0, 0, 3],
      );
    });

    it('shows who joined them', () => {
      const main = traced().task('main');
      const joined = main.waits.filter(({ reason }) => reason === 'join').map(({ resource }) => resource);
      assert.deepEqual(
        joined.slice(0, 3),
        ['one', 'two', 'three'].map((name) => traced().resource('process', name).id),
      );
    });
  });

  example('threads', (traced) => {
    it('shows a lane for each thread, and its body there', () => {
      const { lanes } = traced().json;
      assert.equal(lanes.length, 6);
      for (const name of ['adder 1', 'adder 2', 'adder 3', 'adder 4'])
        assert.deepEqual([traced().task(name).kind, traced().task(name).outcome], ['thread', 'ok']);
      assert.equal(traced().task('fifth').outcome, 'error');
    });

    it('shows that main joined each, and that the thread’s end ended the wait', () => {
      assert.deepEqual(traced().wakers(traced().task('main'), 'join'), [
        'adder 1',
        'adder 2',
        'adder 3',
        'adder 4',
        'fifth',
      ]);
    });

    it('names the lock that they share', () => {
      const lock = traced().resource('lock', 'sum');
      const waits = ['adder 1', 'adder 2', 'adder 3', 'adder 4']
        .flatMap((name) => traced().task(name).waits)
        .filter(({ reason }) => reason === 'lock');
      assert.ok(waits.every(({ resource }) => resource === lock.id));
      assert.ok(traced().json.findings.every(({ rule }) => rule !== 'never-joined'));
    });
  });

  example('coroutine', (traced) => {
    it('shows each resume as a run, each yield as a wait for the consumer, and its close', () => {
      const mean = traced().task('mean');
      assert.equal(mean.kind, 'coroutine');
      assert.deepEqual(new Set(reasons(mean)), new Set(['consumer']));
      assert.deepEqual([mean.waits.length, mean.outcome], [4, 'cancelled']);
    });
  });

  example('event-loop', (traced) => {
    it('shows of every switch where the task waited, for what, and who woke it', () => {
      const [cook, waiter, main] = ['cook', 'the waiter', 'main'].map((name) => traced().task(name));
      assert.deepEqual([reasons(cook!), reasons(waiter!)], [['timer', 'timer'], ['future']]);
      assert.deepEqual(traced().wakers(waiter!, 'future'), ['cook']);
      assert.deepEqual(traced().wakers(main!, 'task').slice(0, 1), ['cook']);
      for (const task of [cook!, waiter!, main!])
        for (const wait of task.waits) assert.equal(basename(wait.site!.file), 'event-loop.ts');
    });

    it('shows time in the ready queue for a task that could have run', () => {
      assert.ok(traced().task('the waiter').readyNs > 0);
    });
  });

  example('helpers', (traced) => {
    it('shows a group for each helper, and who was cancelled by whom', () => {
      const groups = traced()
        .json.resources.filter(({ kind }) => kind === 'group')
        .map(({ name }) => name);
      for (const name of ['gather', 'wait', 'race', 'as completed', 'group'])
        assert.ok(
          groups.some((group) => group?.startsWith(name)),
          `${name} in ${groups.join(', ')}`,
        );
      const cancelled = traced().json.tasks.filter(({ outcome }) => outcome === 'cancelled');
      assert.ok(
        cancelled.length >= 3,
        'the slow one of wait(), the losers of race(), the sibling in the group',
      );
    });
  });

  example('chained', (traced) => {
    it('takes as long as its longest chain', () => {
      const chains = traced().json.tasks.filter(
        ({ waits }) => waits.filter(({ reason }) => reason === 'timer').length === 3,
      );
      assert.equal(chains.length, 3);
      const longest = Math.max(...chains.map(lived));
      const gathering = traced().json.tasks.flatMap(({ waits }) =>
        waits.filter(({ reason }) => reason === 'group'),
      );
      assert.equal(gathering.length, 1);
      assert.ok(Math.abs(gathering[0]!.ns - longest) < longest / 10);
    });
  });

  example('retry', (traced) => {
    it('shows the number of tries of each task', () => {
      const told = traced()
        .output.match(/(?<=after )\d+/g)!
        .map(Number);
      const retries = traced().tasks('retry');
      assert.equal(retries.length, 3);
      assert.deepEqual(
        retries.map((retry) => traced().children(retry).length),
        told,
      );
    });
  });

  example('counting', (traced) => {
    it('takes three times as long one after the other as at once, to the microsecond', () => {
      assert.match(traced().output, /serial 90 ms, together 30 ms/);
      const main = traced().task('main');
      const [together] = main.waits.filter(({ reason }) => reason === 'group');
      const serial = main.waits.filter(({ reason }) => reason === 'timer');
      assert.equal(microseconds(together!.ns), 30_000);
      assert.equal(microseconds(serial.reduce((sum, { ns }) => sum + ns, 0)), 90_000);
    });
  });

  example('chess', (traced) => {
    it('takes exactly 12 hours one after another and one hour going round', () => {
      assert.equal(
        traced().output,
        'one after another: 12 h\ngoing round: 1 h, and 55 s for the last answer\n',
      );
      const main = traced().task('main');
      const [round] = main.waits.filter(({ reason }) => reason === 'group');
      assert.equal(microseconds(round!.ns), 3655e6);
    });

    it('shows that everybody waits for the master', () => {
      const master = traced().resource('lock', 'the master');
      const games = traced().tasks('game');
      assert.equal(games.length, 24);
      for (const game of games)
        assert.ok(game.waits.some(({ reason, resource }) => reason === 'lock' && resource === master.id));
      const [finding] = traced().json.findings.filter(({ rule }) => rule === 'lock-contention');
      assert.match(finding!.words, /the master/);
    });
  });

  example('queues', (traced) => {
    it('shows how full the queue was, its capacity, and what went through', () => {
      const orders = traced().resource('queue', 'orders');
      assert.deepEqual([orders.capacity, orders.maxDepth, orders.puts, orders.gets], [4, 4, 20, 20]);
      const urgent = traced().resource('priority-queue', 'urgent');
      assert.deepEqual([urgent.maxDepth, urgent.puts, urgent.gets], [3, 3, 3]);
    });

    it('shows which tasks were blocked on put and on get, and who ended the waits', () => {
      const waits = traced().json.tasks.flatMap(({ waits }) => waits);
      // A put or get that succeeds at once is no wait: it takes no time.
      const blocked = waits.filter(({ ns }) => ns > 1e6);
      const puts = blocked.filter(({ reason }) => reason === 'queue-put');
      const gets = blocked.filter(({ reason }) => reason === 'queue-get');
      assert.ok(puts.length > 0 && gets.length > 0);
      const { id } = traced().resource('queue', 'orders');
      for (const wait of [...puts, ...gets]) {
        assert.equal(wait.resource, id);
        assert.ok(wait.waker !== null, `${wait.reason} at line ${wait.site?.line} was ended by somebody`);
      }
    });
  });

  example('async-iteration', (traced) => {
    it('shows each step as a switch of its consumer: interleaved, never at once', () => {
      const ticks = traced().tasks('ticks');
      assert.equal(ticks.length, 2);
      assert.ok(overlap(ticks[0]!, ticks[1]!));
      for (const { waits } of ticks)
        assert.deepEqual(new Set(waits.map(({ reason }) => reason)), new Set(['timer', 'consumer']));
      assert.equal(traced().json.lanes.length, 1);
    });
  });

  example('requests', (traced) => {
    it('shows requests as tasks, three at a time, one of which fails', () => {
      const three = traced().resource('semaphore', 'three at a time');
      const requests = traced().json.tasks.filter(({ waits }) =>
        waits.some(({ reason, resource }) => reason === 'semaphore' && resource === three.id),
      );
      assert.equal(requests.length, 10);
      const held = requests.filter(({ waits }) =>
        waits.some(({ reason, waker }) => reason === 'semaphore' && waker !== null),
      );
      assert.equal(held.length, 7, 'three get a permit at once');
      const failed = traced().json.tasks.filter(
        ({ outcome, parent }) => outcome === 'error' && parent !== null,
      );
      assert.equal(failed.length, 1);
      const waits = requests.flatMap(({ waits }) => waits);
      assert.ok(waits.some(({ reason }) => reason === 'io'));
    });
  });

  example('pool', (traced) => {
    it('shows a lane for each worker, and a span for each chunk', () => {
      const pool = traced().resource('pool', 'squares');
      assert.equal(pool.capacity, 2);
      assert.equal(traced().json.lanes.length, 3);
      const chunks = traced().json.tasks.filter(({ kind }) => kind === 'chunk');
      // apply 1; map ⌈10 / ⌈10 / 8⌉⌉ = 5; starmap 3; imap and imapUnordered 10 each.
      assert.equal(chunks.length, 1 + 5 + 3 + 10 + 10);
      const main = traced().task('main');
      assert.ok(main.waits.every(({ reason, resource }) => reason !== 'pool' || resource === pool.id));
      assert.ok(traced().wakers(main, 'pool').includes('square'));
    });
  });

  example('pool-async', (traced) => {
    it('calls back in the order of completion, and gives results in the order of input', () => {
      assert.match(traced().output, /^results: 300 1$/m);
      assert.match(traced().output, /^callbacks: 1 300$/m);
    });

    it('links each call to its run in a worker', () => {
      const chunks = traced().json.tasks.filter(({ kind }) => kind === 'chunk');
      assert.equal(chunks.filter(({ outcome }) => outcome === 'error').length, 1);
      assert.ok(traced().json.findings.some(({ rule }) => rule === 'idle-workers'));
    });
  });

  example('frames', (traced) => {
    it('shows how many chunks each way of calling made, of even size', () => {
      const chunks = (name: string) => traced().tasks(name).length;
      assert.deepEqual([chunks('area'), chunks('mean'), chunks('tallest')], [8, 2, 4]);
      assert.match(traced().output, /by row: 10000 areas/);
    });
  });

  example('jobs-words', (traced) => {
    it('counts the words of all pages, one of them at the second attempt', () => {
      assert.equal(traced().output, '14 words on 3 pages\n');
      const attempts = traced().json.tasks.filter(({ kind }) => kind === 'job');
      assert.deepEqual(
        attempts.map(({ name, outcome }) => `${name}: ${outcome}`).sort((a, b) => (a < b ? -1 : 1)),
        ['page 0: ok', 'page 1 (attempt 2): ok', 'page 1: error', 'page 2: ok', 'report: ok'],
      );
    });

    it('begins the report when the last page is done, by whoever did that', () => {
      const { tasks } = traced().json;
      const report = traced().task('report');
      for (const page of tasks.filter(({ name, kind }) => kind === 'job' && name.startsWith('page')))
        assert.ok(page.endNs! <= report.startNs);
      assert.deepEqual(tasks.find(({ id }) => id === report.parent)?.name, 'reports worker');
    });
  });

  example('jobs-chain', (traced) => {
    it('does the steps one after the other, one of them again after its back-off', () => {
      assert.equal(traced().output, 'photo ▸ fetch at 0 ms ▸ resize at 500 ms ▸ publish at 500 ms\n');
      const [first, second] = [traced().task('resize'), traced().task('resize (attempt 2)')];
      assert.equal(first.outcome, 'error');
      assert.equal(microseconds(second.startNs - first.endNs!), 500_000);
    });
  });
});
