/** Handlers that run in threads and processes. */
import { isMainThread } from 'node:worker_threads';
import type { ActiveJob } from '../../runtime/jobs/jobs.ts';

export async function countWords(job: ActiveJob<{ readonly text: string }>): Promise<object> {
  await job.progress({ seen: job.data.text.length });
  return { words: job.data.text.split(' ').length, pid: process.pid, isMainThread };
}

export function failTwice({ attempt, name }: ActiveJob): string {
  if (attempt < 3) throw new RangeError(`${name} failed at attempt ${attempt}`);
  return `${name} done at attempt ${attempt}`;
}
