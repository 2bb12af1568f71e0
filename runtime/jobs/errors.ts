/** The errors of job queues. Each message names the queue, and what was expected of what. */

/**
 * Redis cannot be reached, or refuses who asks. The message has the address, never the password.
 * @example
 * const connection = 'redis://:secret@127.0.0.1:1';
 * const words = new JobQueue('words', { connection, onError: () => {} });
 * const added = words.add('count', {});
 * await words.close();
 * await assert.rejects(added, JobConnectionError);
 */
export class JobConnectionError extends Error {
  override readonly name = 'JobConnectionError';
}

/**
 * A child of the job failed in all its attempts, so the job was not begun; or the job failed in
 * another process, which left no error but a sentence.
 * @example
 * const words = new JobQueue('words');
 * words.process(async () => { throw new Error('no answer'); });
 * const children = [{ name: 'fetch', data: null }];
 * const whole = await words.addFlow({ name: 'sum', data: null, children });
 * await assert.rejects(whole.result(), JobFailed);
 * await words.close();
 */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/**
 * The job left the queue before it was done: `drain` took it out, or its queue was closed.
 * @example
 * const words = new JobQueue('words');
 * const added = await words.add('count', { text: 'a b' });
 * await words.drain();
 * await assert.rejects(added.result(), JobRemoved);
 */
export class JobRemoved extends Error {
  override readonly name = 'JobRemoved';
}
