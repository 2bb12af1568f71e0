/** What a queue of this process leaves in a recording. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../agent/node/trace-program.ts';

for (const { name, path: node } of NODES)
  describe(`a job queue under trace on ${name}`, function () {
    this.timeout(30_000);

    it('has a resource for each job, with its line, and a task for each attempt, woken by who added it', async () => {
      const { stdout, stderr, text } = await traceProgram(
        `import { JobQueue } from 'simul/jobs';
        import { run, sleep } from 'simul';
        await run(async function main() {
          const words = new JobQueue('words');
          words.process(async function handle({ attempt }) {
            if (attempt === 1) throw new RangeError('again');
          });
          await sleep(1);
          const job = await words.add('count', 0, { attempts: 2, backoff: 50 });
          await words.pause();
          await words.resume();
          await job.result();
          const set = new Set();
          set.add(1);
          await words.close();
        }, { clock: 'virtual' });`,
        { node },
      );
      assert.deepEqual([stdout, stderr], ['', '']);
      const idOf = (record: string): string => new RegExp(`${record}`, 'm').exec(text)?.[1] ?? `no ${record}`;
      const main = idOf('^0 activationBegin id=(\\d+) .*name="main"');
      const body = idOf('^0 activationBegin id=(\\d+) .*name="main" kind=async-function');
      const worker = idOf('^0 activationBegin id=(\\d+) .*name="words worker"');
      const queue = idOf('^0 resourceBegin .*?\\bid=(\\d+) .*name="words" kind=job-queue');
      const job = idOf('^0 resourceBegin .*?\\bid=(\\d+) site="program.mjs:9:.*name="count" kind=job$');
      const [first, second] = [
        ...text.matchAll(/^0 activationBegin id=(\d+) parent=(\d+) .*name="(count[^"]*)" of=(\d+) .*/gm),
      ].map(([, id, parent, label, of]) => ({ id: id!, parent, label, of }));
      assert.deepEqual(
        [first, second].map((attempt) => [attempt!.label, attempt!.parent, attempt!.of]),
        [
          ['count', worker, job],
          ['count (attempt 2)', worker, job],
        ],
      );
      // The call that added it woke the worker, through the queue; the first attempt held it back.
      assert.match(text, new RegExp(`^0 wake woken=${worker} waker=${body} resource=${queue}`, 'm'));
      assert.match(text, new RegExp(`^0 put by=${main} resource=${queue} .*serial=1`, 'm'));
      assert.match(text, new RegExp(`^0 get by=${first!.id} resource=${queue} .*serial=1`, 'm'));
      assert.match(text, new RegExp(`^0 use by=${first!.id} resource=${job} how=delays`, 'm'));
      assert.match(text, new RegExp(`^0 use .*resource=${queue} site="program.mjs:10:.* how=pauses`, 'm'));
      assert.match(text, new RegExp(`^0 use .*resource=${queue} site="program.mjs:11:.* how=resumes`, 'm'));
      // Who waits for its end waits for the job, and the last attempt ended that.
      assert.match(text, new RegExp(` reason=job for=${job}|for=${job} reason=job`, 'm'));
      assert.match(text, new RegExp(`^0 resourceEnd by=${second!.id} id=${job}`, 'm'));
      // `add` of something else is no call of the library.
      assert.doesNotMatch(text, /program\.mjs:14:/);
    });
  });
