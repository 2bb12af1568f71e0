/** What only the queue in this process promises: the clock of its run, and that it ends with it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'mocha';
import { JobQueue } from '../../runtime/jobs/jobs.ts';
import { allTasks, run } from '../../runtime/tasks/run/run.ts';
import { now, sleep } from '../../runtime/tasks/time/clock.ts';
import { tree } from '../machine/tree.ts';

/** What a program with both entries of the library prints. */
async function printed(body: string): Promise<readonly [string, string]> {
  const url = (path: string): string => pathToFileURL(join(tree, 'build/runtime', path)).href;
  const program = `import { JobQueue } from '${url('jobs/jobs.js')}';
    import { run, sleep } from '${url('index.js')}';
    ${body}`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
  ]);
  return [stdout, stderr];
}

describe('a job queue on the virtual clock', () => {
  it('has delays, back-off and limits to the millisecond, the same each time', async () => {
    const main = async (): Promise<string[]> => {
      const log: string[] = [];
      const queue = new JobQueue<string, void>('timed');
      queue.process(
        async ({ data, attempt }) => {
          log.push(`${now()} ${data} ${attempt}`);
          await sleep(100);
          if (data === 'flaky' && attempt < 4) throw new Error('again');
        },
        { concurrency: 2, limit: { max: 3, per: 1000 } },
      );
      const jobs = [
        await queue.add('n', 'late', { delay: 5000 }),
        await queue.add('n', 'flaky', { attempts: 4, backoff: { type: 'exponential', delay: 1000 } }),
        ...(await queue.addBulk(['a', 'b', 'c'].map((data) => ({ name: 'n', data })))),
      ];
      await Promise.all(jobs.map((job) => job.result()));
      return log;
    };
    const expected = [
      '0 flaky 1',
      '0 a 1',
      '100 b 1',
      // Three have begun in this second.
      '1000 c 1',
      '1100 flaky 2',
      // 1000, 2000 and 4000 ms after the end of the attempt before.
      '3200 flaky 3',
      '5000 late 1',
      '7300 flaky 4',
    ];
    assert.deepEqual(await run(main, { clock: 'virtual' }), expected);
    assert.deepEqual(await run(main, { clock: 'virtual' }), expected);
  });

  it('repeats on the beat, however long a job takes', async () => {
    const beats = await run(
      async () => {
        const times: number[] = [];
        const queue = new JobQueue('beat');
        queue.process(async () => {
          times.push(now());
          await sleep(30);
        });
        await queue.repeat('r', { name: 'n', data: null }, { every: 1000, limit: 4 });
        await sleep(10_000);
        return times;
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(beats, [0, 1000, 2000, 3000]);
  });
});

describe('a job queue in this process', () => {
  it('keeps nothing alive while it is idle, and its run ends without a word', async () => {
    const idle = `const queue = new JobQueue('idle'); queue.process(async () => 1);
      console.log(await (await queue.add('n', null)).result());`;
    assert.deepEqual(await printed(idle), ['1\n', '']);
    assert.deepEqual(await printed(`await run(async () => { ${idle} });`), ['1\n', '']);
  });

  it('gives up the jobs of its run when that ends, with their attempts', async () => {
    const [out, errors] = await printed(`const ends = [];
      await run(async () => {
        const queue = new JobQueue('cut');
        queue.process(async ({ name }) => { try { await sleep(60_000); } finally { ends.push(name); } });
        const job = await queue.add('long', null);
        job.result().catch((error) => ends.push(error.name));
        await sleep(5);
      });
      console.log(ends.join());`);
    assert.deepEqual([out, errors], ['long,CancelledError\n', '']);
  });

  it('tells of a failure that nobody asks for', async () => {
    const [out, errors] = await printed(`const queue = new JobQueue('lost');
      queue.process(() => { throw new Error('nobody knows'); });
      await queue.add('n', null); await sleep(20); console.log('on');`).catch(
      ({ stdout, stderr }: { stdout: string; stderr: string }) => [stdout, stderr],
    );
    assert.match(`${out}${errors}`, /nobody knows/);
  });

  it('hands a job back that a cancelled worker had been given and not begun', async () => {
    const queue = new JobQueue<string, void>('back');
    const done: string[] = [];
    await run(function* () {
      queue.process(async ({ data }) => void done.push(data));
      yield* sleep(1);
      const [worker] = allTasks().filter(({ name }) => name === 'back worker');
      queue.add('n', 'kept').markHandled();
      worker!.cancel();
      yield* sleep(1);
    });
    assert.deepEqual(done, []);
    assert.equal((await queue.counts()).waiting, 1);
  });

  it('says what is wrong with what it is given, at the call', async () => {
    const queue = new JobQueue('checked');
    const call = (...args: unknown[]): unknown =>
      (queue.add as (...all: unknown[]) => unknown)('n', 0, ...args);
    assert.throws(() => new JobQueue('a:b'), /a JobQueue needs a name without ":", not "a:b"/);
    assert.throws(
      () => call({ attempts: 0 }),
      /the attempts of add\(\) must be a whole number from 1 up, not 0/,
    );
    assert.throws(() => call({ tries: 3 }), /add\(\) has no option "tries"/);
    assert.throws(
      () => call({ backoff: { type: 'slow', delay: 1 } }),
      /"fixed" or "exponential", not "slow"/,
    );
    assert.throws(() => call({ id: '7' }), /must have a letter and no ":", not "7"/);
    assert.throws(() => queue.process(7 as never), /process\(\) needs a function or a module, not 7/);
    queue.process(async () => {});
    assert.throws(() => queue.process(async () => {}), /job queue "checked" is processed here already/);
    const elsewhere = new JobQueue('elsewhere', { connection: { port: 1 }, onError: () => {} });
    assert.throws(
      () =>
        queue.addFlow({ name: 'n', data: 0, children: [{ name: 'm', data: 0, queue: elsewhere as never }] }),
      /must all have a connection, or none of them/,
    );
    await Promise.all([queue.close(), elsewhere.close()]);
  });
});
