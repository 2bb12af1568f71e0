/**
 * A chain of jobs, one after the other, with a step that is tried again: fetch, resize, publish. On
 * the virtual clock the waits between the attempts take no time.
 *
 * What to look for: each step adds the next one; the second attempt at `resize` was held back after
 * the first had failed. What the retry cost is the time between the two.
 */
import { Future, now, run } from 'simul';
import { JobQueue } from 'simul/jobs';

const NEXT: Readonly<Record<string, string>> = { fetch: 'resize', resize: 'publish' };

await run(
  async function main() {
    const steps = new JobQueue<string, string>('steps');
    const published = new Future<string>();

    steps.process(async function step({ name, data, attempt }) {
      if (name === 'resize' && attempt === 1) throw new Error('out of memory');
      const done = `${data} ▸ ${name} at ${now()} ms`;
      const next = NEXT[name];
      if (next === undefined) published.resolve(done);
      else await steps.add(next, done, { attempts: 2, backoff: 500 });
      return done;
    });

    await steps.add('fetch', 'photo');
    console.log(await published);
    await steps.close();
  },
  { clock: 'virtual' },
);
