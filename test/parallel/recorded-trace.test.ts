/**
 * What threads, processes and pools record: which task asked, which worker ran it, which task got
 * the result, and what it waited for meanwhile.
 */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { OUTCOMES, RESOURCE_KINDS } from '../../runtime/trace/format/kinds.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { NODES, traceProgram } from '../agent/node/trace-program.ts';

const program = (main: string): string => `import { isMain, Pool, Process, run, spawn, Thread } from 'simul';
const two = 2;
export const double = (n) => n * two;
export const end = (way) => process[way](two + 3);
export const leave = (code) => process.exit(code * two);
if (isMain) await run(async function main() { ${main} });`;

/**
 * The ends of all links with one token, as one line: the activation, which end, of which kind. They
 * are in the order of time where that is certain.
 */
function chains(texts: readonly string[]): string[] {
  const chained = new Map<string, string[]>();
  for (const text of texts) {
    const names = new Map<string, string>();
    for (const line of text.split('\n')) {
      const begin = / activationBegin id=(\d+) .*name="([^"]*)"/.exec(line);
      if (begin !== null) names.set(begin[1]!, begin[2]!);
      const link =
        / link (?:id=(\d+) )?(token=\d+ tokenHigh=\d+) .*way=(send|receive) kind=(spawn|job|result)/.exec(
          line,
        );
      if (link === null || (link[4] === 'spawn' && names.get(link[1] ?? '') === undefined)) continue;
      const [, id, token, way, kind] = link as unknown as [string, string, string, string, string];
      const order = [
        'send spawn',
        'send job',
        'receive spawn',
        'receive job',
        'send result',
        'receive result',
      ];
      const ends = chained.get(token) ?? [];
      ends.push(`${order.indexOf(`${way} ${kind}`)} ${names.get(id) ?? 'main'}: ${way} ${kind}`);
      chained.set(token, ends);
    }
  }
  return [...chained.values()]
    .filter((ends) => ends.length > 1)
    .map((ends) =>
      ends
        .sort()
        .map((end) => end.slice(2))
        .join(' → '),
    );
}

/** The names of the activations that woke others, of all threads. */
function wakers(text: string): (string | undefined)[] {
  const names = new Map(
    [...text.matchAll(/ activationBegin id=(\d+) .*name="([^"]*)"/g)].map(([, id, name]) => [id, name]),
  );
  return [...text.matchAll(/ wake woken=\d+ waker=(\d+)/g)].map(([, id]) => names.get(id));
}

function folded(texts: readonly string[]): Fold {
  const fold = new Fold();
  // The times of each text count from its own part's first record.
  texts.forEach((text, part) => fold.feed(part, fromText(text, part === 0 ? 0n : 1_000_000_000n)));
  return fold;
}

const problemsOf = (texts: readonly string[]): readonly string[] => folded(texts).trace.problems;

for (const { name, path } of NODES) {
  describe(`in a trace, on ${name}`, () => {
    it('a call of a pool is one chain from its task to its worker and back, and the worker wakes the task', async () => {
      const { recordings, text, stdout, stderr } = await traceProgram(
        program(`
  const pool = new Pool({ size: 2, name: 'doubles' });
  console.log(await pool.map(double, [1, 2, 3], { chunkSize: 2 }));
  pool.close();
  await pool.join();`),
        { node: path, times: 'ns' },
      );
      assert.equal(stderr, '');
      assert.equal(stdout, '[ 2, 4, 6 ]\n');
      assert.match(text, /resourceBegin .*name="doubles" capacity=2 kind=pool bounded/);
      assert.match(text, /chunk id=\d+ pool=\d+ items=2 submitter=\d+/);
      assert.match(text, /chunk id=\d+ pool=\d+ first=2 items=1 submitter=\d+/);
      assert.match(text, /wait id=\d+ .*pool.map.* reason=pool/);
      const chain = 'main: send job → double: receive job → double: send result → main: receive result';
      assert.deepEqual(chains(recordings), [chain, chain]);
      assert.ok(wakers(text).includes('double'));
      assert.deepEqual(problemsOf(recordings), []);
    });

    it('a thread and a process are linked with the task that started them, and joined', async () => {
      const { recordings, text, stdout, stderr } = await traceProgram(
        program(`
  const thread = new Thread(double, { args: [1], name: 'thread' }).start();
  console.log(await thread.join());
  const apart = new Process(double, { args: [2], name: 'apart' }).start();
  console.log(await apart.join());`),
        { node: path, times: 'ns' },
      );
      assert.equal(stderr, '');
      assert.equal(stdout, '2\n4\n');
      assert.match(text, /resourceBegin .*name="thread" kind=thread/);
      assert.match(text, /wait id=\d+ .*thread.join\(\).* reason=join/);
      assert.match(text, /resourceBegin .*name="apart" kind=process/);
      assert.equal(recordings.length, 2);
      assert.match(
        recordings.find((part) => part !== recordings[0]) ?? '',
        /activationBegin .*name="apart" kind=process/,
      );
      assert.deepEqual(chains(recordings).sort(), [
        'main: send spawn → apart: receive spawn → apart: send result → main: receive result',
        'main: send spawn → thread: receive spawn → thread: send result → main: receive result',
      ]);
      assert.ok(wakers(text).includes('thread'));
      assert.deepEqual(problemsOf(recordings), []);
    });

    for (const [kind, exit, when] of [
      ['threads', 'exit', 'when the thread says so'],
      ['threads', 'reallyExit', 'when the thread cannot say so'],
      ['processes', 'exit', 'when the process says so'],
    ] as const)
      it(`a call that ends its worker failed, ${when}`, async () => {
        const { recordings, stdout } = await traceProgram(
          program(`
  const pool = new Pool({ size: 1, kind: '${kind}' });
  await pool.apply(end, ['${exit}']).catch((error) => console.log(error.exitCode));
  console.log(await pool.apply(double, [2]));
  pool.terminate();
  await pool.join();`),
          { node: path, times: 'ns' },
        );
        assert.equal(stdout, '5\n4\n');
        const { trace } = folded(recordings);
        const ends = Array.from(trace.tasks.name, (name, task) =>
          trace.text(name) === 'end'
            ? `${OUTCOMES[trace.tasks.outcome[task]!]} with ${trace.text(trace.tasks.error[task]!)}`
            : '',
        );
        assert.match(ends.join(''), /^error with the end of its worker \(.*exit code 5\)$/);
        assert.deepEqual(trace.problems, []);
      });

    it('a pool has no work left of calls that were lost, retried or cancelled, and ends with its last worker', async () => {
      const { recordings, stdout } = await traceProgram(
        program(`
  const pool = new Pool({ size: 1 });
  const calls = [pool.apply(end, ['exit']), pool.apply(end, ['exit'], { retries: 1 }), pool.apply(double, [1])];
  calls[2].cancel();
  for (const call of calls) await call.catch((error) => console.log(error.name));
  pool.terminate();
  await new Promise((done) => setTimeout(done, 100));`),
        { node: path, times: 'ns' },
      );
      assert.equal(stdout, 'WorkerError\nWorkerError\nCancelledError\n');
      const { trace } = folded(recordings);
      const pool = trace.resources.find(({ kind }) => RESOURCE_KINDS[kind] === 'pool')!;
      assert.deepEqual([pool.puts, pool.gets, pool.level], [4, 4, 0]);
      assert.notEqual(pool.endedNs, null);
      assert.deepEqual(trace.problems, []);
    });

    it('an error of a call is of its class', async () => {
      const { recordings, stdout } = await traceProgram(
        `class Refused extends Error {}
export async function refuse() { throw new Refused(String(two)); }
${program(`
  const pool = new Pool({ size: 1 });
  const error = await pool.apply(refuse).catch((error) => error);
  console.log(error instanceof Refused, error.message);
  pool.close();
  await pool.join();`)}`,
        { node: path, times: 'ns' },
      );
      assert.equal(stdout, 'true 2\n');
      assert.deepEqual(problemsOf(recordings), []);
    });

    for (const kind of ['threads', 'processes'])
      it(`a pool of ${kind} has no work left of calls that were stopped`, async () => {
        const { recordings, stdout } = await traceProgram(
          program(`
  const pool = new Pool({ size: 1, kind: '${kind}' });
  const spin = (ends) => { while (!ends); return 'done'; };
  console.log(await pool.apply(spin, [true]));
  const late = pool.apply(spin, [false], { timeout: 20 });
  console.log(await late.catch((error) => error.name));
  console.log(await pool.apply(spin, [true]));
  const controller = new AbortController();
  const aborted = pool.apply(spin, [false], { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 20);
  console.log(await aborted.catch((error) => error.message));
  console.log(await pool.apply(spin, [true]));
  pool.close();
  await pool.join();`),
          { node: path, times: 'ns' },
        );
        assert.equal(stdout, 'done\nTimeoutError\ndone\ncancelled: enough\ndone\n');
        const { trace } = folded(recordings);
        const pool = trace.resources.find(({ kind }) => RESOURCE_KINDS[kind] === 'pool')!;
        assert.deepEqual([pool.puts, pool.gets, pool.level], [5, 5, 0]);
        assert.deepEqual(trace.problems, []);
      });

    for (const kind of ['threads', 'processes'])
      it(`calls that are under way at once in a worker of ${kind} have activations of their own`, async () => {
        const { recordings, stdout } = await traceProgram(
          program(`
  const pool = new Pool({ size: 1, kind: '${kind}', concurrency: 3 });
  const meet = async (count, way) => {
    const waiting = (globalThis.waiting ??= []);
    await new Promise((resolve) => {
      if (waiting.push(resolve) === count) for (const go of waiting.splice(0)) go();
    });
    if (way !== '') process.exit(3);
    return count;
  };
  console.log(await Promise.all([1, 2, 3].map(() => pool.apply(meet, [3, '']))));
  const lost = [1, 2, 3].map(() => pool.apply(meet, [3, 'exit']).catch((error) => error.name));
  console.log(await Promise.all(lost));
  const spin = () => { for (;;); };
  const calls = [pool.apply(meet, [2, '']), pool.apply(spin, [], { timeout: 20 })];
  for (const call of calls) console.log(await call.catch((error) => error.name));
  pool.close();
  await pool.join();`),
          { node: path, times: 'ns' },
        );
        assert.equal(
          stdout,
          "[ 3, 3, 3 ]\n[ 'WorkerError', 'WorkerError', 'WorkerError' ]\nWorkerError\nTimeoutError\n",
        );
        const { trace } = folded(recordings);
        const pool = trace.resources.find(({ kind }) => RESOURCE_KINDS[kind] === 'pool')!;
        assert.deepEqual([pool.puts, pool.gets, pool.level], [8, 8, 0]);
        assert.deepEqual(trace.problems, []);
      });

    it('a call in the queue is ended by the task that terminates its pool', async () => {
      const { recordings, text, stdout } = await traceProgram(
        program(`
  const pool = new Pool({ size: 1 });
  const call = pool.apply(double, [1]);
  spawn(async function ender() { pool.terminate(); });
  await call.catch((error) => console.log(error.name));`),
        { node: path, times: 'ns' },
      );
      assert.equal(stdout, 'PoolClosedError\n');
      const names = wakers(text);
      assert.ok(names.includes('ender'));
      assert.ok(!names.includes(undefined), 'each waker is known');
      assert.deepEqual(problemsOf(recordings), []);
    });

    it('an activation that a worker leaves open is ended with it', async () => {
      const { recordings, stdout } = await traceProgram(
        program(`
  for (const Kind of [Thread, Process])
    await new Kind(leave, { args: [2] }).start().join().catch((error) => console.log(error.exitCode));`),
        { node: path, times: 'ns' },
      );
      assert.equal(stdout, '4\n4\n');
      assert.deepEqual(problemsOf(recordings), []);
    });
  });
}
