/**
 * The examples in Python, one for each system that the project shows: each prints the same traced
 * as untraced, and its trace shows what happened. Times are only compared with each other.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { TaskJson, TraceJson } from '../../../runtime/launch/json/trace-json.ts';
import { pythonPackagesFor } from '../../corpus/python-packages.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../../machine/redis-server.ts';
import { tree } from '../../machine/tree.ts';
import { jsonOf } from '../../support/json-of.ts';
import { isAtLeast, PYTHON, VERSION } from './trace-python.ts';

const cli = join(tree, 'dist/cli.js');
const examples = join(tree, 'examples/python');
const folder = temporaryFolders();
const tested = new Set<string>();
let env: NodeJS.ProcessEnv = process.env;

class Example {
  readonly output: string;
  readonly untraced: string;
  readonly json: TraceJson;

  constructor(name: string, options: readonly string[]) {
    const recording = join(folder(), 'recording');
    const file = join(examples, `${name}.py`);
    this.untraced = run(PYTHON, file);
    const own = ['--quiet', '--python', PYTHON, '--recording', recording, ...options];
    this.output = run(process.execPath, cli, 'trace', ...own, file);
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
  ofKind(kind: string): readonly TaskJson[] {
    return this.json.tasks.filter((task) => task.kind === kind);
  }
  resource(kind: string, name: string) {
    const found = this.json.resources.find((resource) => resource.kind === kind && resource.name === name);
    assert.ok(found, `there is no ${kind} called ${name}`);
    return found;
  }
  nameOf(id: string | null): string | undefined {
    return this.json.tasks.find((task) => task.id === id)?.name;
  }
  /** The row of the program's own main thread. */
  get main(): TaskJson {
    return this.json.tasks[0]!;
  }
  rules(): ReadonlySet<string> {
    return new Set(this.json.findings.map(({ rule }) => rule));
  }
}

function run(file: string, ...args: readonly string[]): string {
  const ran = spawnSync(file, args, {
    encoding: 'utf8',
    cwd: examples,
    env,
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
  if (ran.error !== undefined) throw ran.error;
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

/** The tests of one example, which is traced once. */
function example(
  name: string,
  tests: (traced: () => Example) => void,
  options: readonly string[] = [],
): void {
  describe(name, () => {
    let traced: Example;
    tested.add(`${name}.py`);
    before(function () {
      this.timeout(90_000);
      traced = new Example(name, options);
    });
    it('prints the same traced as untraced', () => assert.equal(traced.output, traced.untraced));
    tests(() => traced);
  });
}

const lived = (task: TaskJson): number => task.endNs! - task.startNs;
const overlap = (a: TaskJson, b: TaskJson): boolean => a.startNs < b.endNs! && b.startNs < a.endNs!;
const waitsFor = ({ waits }: TaskJson, reason: string): TaskJson['waits'] =>
  waits.filter((wait) => wait.reason === reason);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

describe('the examples in Python', () => {
  if (VERSION === null) return;
  let redis: RedisServer | null = null;
  before(async function () {
    this.timeout(300_000);
    const packages = await pythonPackagesFor([examples], PYTHON);
    redis = await startRedis();
    if (redis === null) throw new Error(NO_REDIS);
    const path = [packages, process.env['PYTHONPATH']].filter((part) => part).join(delimiter);
    env = { ...process.env, PYTHONPATH: path, REDIS_URL: redis.url };
  });
  after(async () => {
    await redis?.stop();
    const there = readdirSync(examples).filter((name) => name.endsWith('.py'));
    assert.deepEqual(there.sort(), [...tested].sort(), 'each example is tested here');
  });

  example('processes', (traced) => {
    it('shows a process for each, whose child it is, its exit code and its end', () => {
      const { processes } = traced().json;
      const [parent, ...children] = processes;
      // From 3.14 on the one that forks for all others is a process of its own.
      const isServed = isAtLeast(3, 14);
      assert.equal(children.length, isServed ? 8 : 7, 'a manager, three squares, two others, one more');
      const pids = isServed ? processes.map(({ pid }) => pid) : [parent!.pid];
      for (const child of children) assert.ok(pids.includes(child.parentPid));
      const endOf = (name: string): unknown => {
        const { id } = traced().task(name);
        const { exitCode, signal } = processes[Number(id.split(':')[0])]!;
        return [exitCode, signal];
      };
      assert.deepEqual(endOf('square 1'), [0, null]);
      assert.deepEqual(endOf('failing'), [3, null]);
      const idling = processes.find(({ signal }) => signal === 15);
      assert.ok(idling !== undefined);
    });

    it('shows who joined them, and how long that took', () => {
      const main = traced().main;
      const joined = waitsFor(main, 'join');
      assert.deepEqual(
        joined.map(({ resourceName }) => resourceName),
        ['square 1', 'square 2', 'square 3', 'failing', 'idling'],
      );
      assert.ok(joined.every(({ ns }) => ns > 0));
    });
  });

  example('threads', (traced) => {
    it('shows a lane for each thread, and that main joined each', () => {
      const { lanes } = traced().json;
      assert.equal(lanes.filter(({ kind }) => kind === 'thread').length, 5);
      const main = traced().main;
      const joined = waitsFor(main, 'join').map(({ waker }) => traced().nameOf(waker));
      assert.ok(joined.includes('adder 1') || joined.includes('adder 4'), joined.join());
    });

    it('shows who had the lock, and who waited for it from whom', () => {
      const lock = traced().resource('lock', 'sum_lock');
      const waits = [1, 2, 3, 4].flatMap((n) => waitsFor(traced().task(`adder ${n}`), 'lock'));
      assert.ok(waits.length > 0);
      assert.ok(waits.every(({ resource }) => resource === lock.id));
      assert.ok(waits.some(({ waker }) => traced().nameOf(waker)?.startsWith('adder') === true));
      assert.ok(!traced().rules().has('never-joined'));
    });
  });

  example(
    'generators',
    (traced) => {
      it('shows each resume as a run, each yield as a rest with the type of its value', () => {
        const mean = traced().task('running_mean');
        assert.equal(mean.kind, 'generator');
        const gave = waitsFor(mean, 'consumer').map((wait) => wait.gave);
        assert.deepEqual(gave, ['NoneType', 'float', 'float', 'float', 'NoneType', 'float']);
        if (isAtLeast(3, 12)) assert.equal(mean.outcome, 'cancelled', 'it was closed');
        assert.notEqual(mean.endNs, null);
      });
    },
    ['--generators'],
  );

  example('event_loop', (traced) => {
    it('shows who waited for the future, at which line, and who was cancelled by whom', () => {
      for (const waiter of traced().tasks('waiter')) {
        const [wait] = waiter.waits.filter(({ ns }) => ns > 1e6);
        assert.equal(wait?.site?.line, 12);
        assert.equal(wait.reason, 'future');
      }
      const stubborn = traced()
        .tasks('sleeper')
        .find(({ outcome }) => outcome === 'cancelled');
      assert.equal(traced().nameOf(stubborn?.waits.at(-1)?.cancelledBy ?? null), 'main');
    });
  });

  example('helpers', (traced) => {
    it('shows which children ended, which failed, and which were cancelled', () => {
      const works = traced().tasks('work');
      const outcomes = works.map(({ outcome }) => outcome);
      assert.equal(outcomes.filter((outcome) => outcome === 'error').length, 1);
      assert.ok(outcomes.includes('cancelled'), outcomes.join());
      assert.ok(
        traced()
          .task('main')
          .waits.some(({ reason }) => reason === 'group'),
      );
      if (isAtLeast(3, 11)) assert.equal(traced().task('sibling').outcome, 'cancelled');
    });
  });

  example('chained', (traced) => {
    it('takes as long as its longest chain', () => {
      const chains = traced().tasks('chain');
      assert.equal(chains.length, 3);
      const longest = Math.max(...chains.map(lived));
      assert.ok(lived(traced().task('main')) < longest * 1.5);
      assert.ok(sum(chains.map(lived)) > longest * 1.5, 'one after another it would take longer');
    });
  });

  example('retry', (traced) => {
    it('shows the tries of each task as waits at its pause', () => {
      const tries = traced()
        .tasks('make_random')
        .map((task) => waitsFor(task, 'timer').length + 1);
      const told = [...traced().output.matchAll(/after (\d+) tries/g)].map(([, n]) => Number(n));
      assert.deepEqual(tries, told);
    });
  });

  example('counting', (traced) => {
    it('shows the same waits in a row on the thread, then side by side in tasks', () => {
      const main = traced().main;
      const serial = waitsFor(main, 'timer');
      assert.equal(serial.length, 9);
      const together = traced().tasks('count_async');
      assert.equal(together.length, 3);
      assert.ok(together.every((task) => overlap(task, together[0]!)));
      assert.ok(Math.max(...together.map(lived)) < sum(serial.map(({ ns }) => ns)) / 2);
    });
  });

  example('chess', (traced) => {
    it('shows the master as the one lock that all boards wait for', () => {
      const boards = traced().tasks('game');
      assert.equal(boards.length, 8);
      const locks = boards.flatMap((board) => waitsFor(board, 'lock'));
      assert.ok(locks.length >= 7);
      assert.deepEqual(new Set(locks.map(({ resourceName }) => resourceName)), new Set(['master']));
      const main = traced().task('main');
      assert.ok(Math.max(...boards.map(lived)) < lived(main) / 2);
    });
  });

  example('queues', (traced) => {
    it('shows each queue with its capacity, depth, puts and gets', () => {
      const orders = traced().resource('queue', 'orders');
      assert.deepEqual([orders.capacity, orders.maxDepth, orders.puts, orders.gets], [4, 4, 23, 23]);
      const jobs = traced().resource('queue', 'jobs');
      assert.deepEqual([jobs.capacity, jobs.maxDepth, jobs.puts, jobs.gets], [2, 2, 7, 7]);
      assert.equal(traced().resource('priority-queue', 'urgent').gets, 3);
      const [here] = traced().json.resources.filter(({ name, gets }) => name === 'results' && gets > 0);
      const there = traced().json.resources.filter(({ id, puts }) => !id.startsWith('0:') && puts > 0);
      assert.deepEqual([here?.gets, sum(there.map(({ puts }) => puts))], [5, 5]);
    });

    it('shows who is blocked on put and who on get', () => {
      const puts = traced()
        .tasks('produce')
        .flatMap((task) => waitsFor(task, 'queue-put'));
      assert.ok(puts.length > 0, 'the queue was full');
      const gets = traced()
        .tasks('consume')
        .flatMap((task) => waitsFor(task, 'queue-get'));
      assert.ok(gets.length > 0);
      assert.ok(!traced().rules().has('starved-consumers'));
    });
  });

  example('async_iteration', (traced) => {
    it('shows each item as a switch of the task that takes it: interleaved', () => {
      const [two, three] = traced().tasks('total');
      assert.ok(overlap(two!, three!));
      for (const task of [two!, three!]) {
        assert.equal(waitsFor(task, 'timer').length, 5);
        assert.ok(task.waits.every(({ site }) => site?.line === 11));
      }
    });
  });

  example('concurrent_requests', (traced) => {
    it('shows requests as tasks side by side, one of which failed', () => {
      const fetches = traced().tasks('fetch');
      assert.equal(fetches.length, 10);
      assert.equal(fetches.filter(({ outcome }) => outcome === 'error').length, 1);
      const isTogether = fetches.filter((task) => overlap(task, fetches[0]!)).length;
      assert.ok(isTogether >= 9, `${isTogether} at once`);
      const answers = fetches.map((task) => waitsFor(task, 'io').at(-1));
      for (const answer of answers)
        assert.deepEqual([answer?.site?.line, answer?.resourceName], [36, 'aiohttp stream']);
    });

    it('shows the threads of the executor that write files', () => {
      const calls = traced().ofKind('chunk');
      assert.ok(calls.length >= 18, 'each file is opened and written');
      const threads = traced().json.lanes.filter(({ kind }) => kind === 'thread');
      assert.ok(threads.some(({ busyNs }) => busyNs > 0));
      const saves = traced().tasks('save');
      assert.equal(saves.length, 9);
      assert.ok(saves.some((task) => waitsFor(task, 'task').length >= 2));
    });
  });

  example('pool', (traced) => {
    it('shows what each worker ran, how many items at a time, and when it had been asked', () => {
      const chunks = traced().ofKind('chunk');
      const items = (name: string): number =>
        sum(chunks.filter((task) => task.name === name).map(({ job }) => job?.items || 1));
      assert.equal(items('how_many'), 3 + 12 + 4);
      assert.equal(items('square'), 5 + 5 + 6 + 6);
      const inProcesses = chunks.filter(({ id }) => !id.startsWith('0:'));
      assert.equal(inProcesses.length, chunks.length - 6);
      for (const { job, startNs, label } of inProcesses)
        assert.ok(job!.askedNs !== null && job!.askedNs <= startNs && job!.heardNs! >= startNs, label);
    });

    it('shows a lane for each worker, with all that it ran', () => {
      const workers = new Set(
        traced()
          .ofKind('chunk')
          .map(({ id }) => id.split(':')[0]),
      );
      assert.ok(workers.size >= 4, [...workers].join());
      assert.ok(
        traced()
          .json.processes.slice(1)
          .every(({ ended }) => ended !== 'lost'),
      );
    });
  });

  example('pool_async', (traced) => {
    it('links each call from its line through its worker to its callback', () => {
      const works = traced()
        .tasks('work')
        .filter(({ kind }) => kind === 'chunk');
      assert.equal(works.filter(({ outcome }) => outcome === 'error').length, 1);
      assert.ok(works.every(({ job }) => traced().nameOf(job!.submitter) === 'pool_async.py'));
      const callbacks = traced().ofKind('event-callback');
      assert.equal(callbacks.length, 4);
      assert.ok(callbacks.every(({ parent }) => traced().nameOf(parent) === 'pool_async.py'));
    });
  });

  example('frames', (traced) => {
    it('shows how many calls each way makes, and how large they are', () => {
      const sizes = (name: string): number[] =>
        traced()
          .tasks(name)
          .map(({ job }) => job!.items);
      assert.deepEqual(sizes('row_range'), [10, 10, 10, 10]);
      assert.deepEqual(sizes('column_sum'), [1, 1, 1, 1]);
      assert.deepEqual(sizes('part_mean'), [1, 1, 1, 1]);
    });
  });

  example('jobs', (traced) => {
    it('shows each job from the line that enqueued it to how it ended, in its own process', () => {
      const jobs = traced().ofKind('job');
      assert.deepEqual(
        jobs.map(({ name, outcome }) => `${name} ${outcome}`),
        ['count_letters ok', 'count_letters ok', 'count_letters ok', 'fail error'],
      );
      assert.equal(new Set(jobs.map(({ id }) => id.split(':')[0])).size, 4, 'a work-horse each');
      for (const { job, startNs } of jobs) {
        assert.equal(traced().nameOf(job!.submitter), 'jobs.py');
        assert.ok(job!.askedNs! < startNs);
      }
    });
  });

  example('mistakes', (traced) => {
    it('is told of each, with its line', () => {
      const found = new Map(
        traced().json.findings.map(({ rule, sites }) => [rule, sites.map(({ line }) => line)]),
      );
      assert.ok(found.get('never-awaited')?.includes(26));
      assert.ok(found.get('never-retrieved')?.includes(18));
      assert.ok(found.get('blocked-event-loop')?.includes(22));
    });
  });
});
