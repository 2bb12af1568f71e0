import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  Barrier,
  CancelledError,
  Condition,
  Event,
  type Future,
  gather,
  group,
  Lock,
  PriorityQueue,
  Queue,
  race,
  retry,
  run,
  Semaphore,
  type SignalOptions,
  sleep,
  spawn,
  timeout,
  until,
  wait,
} from '../../../runtime/index.ts';

const never = async (): Promise<void> => {
  await sleep(100_000);
};

/** Every operation that waits, asked for what never comes. */
const operations: Record<string, (options: SignalOptions) => PromiseLike<unknown>> = {
  sleep: (options) => sleep(100_000, undefined, options),
  spawn: (options) => spawn(never, options),
  run: (options) => run(never, options),
  timeout: (options) => timeout(100_000, never, options),
  gather: (options) => gather([never], options),
  race: (options) => race([never], options),
  wait: (options) => wait([sleep(100_000)], options),
  group: (options) => group(never, options),
  retry: (options) => retry(never, options),
  until: (options) => until(new Promise(() => {}), options),
  'get of a queue': (options) => new Queue().get(options),
  'next of a queue': (options) => new Queue().next(options),
  'put into a full queue': (options) => {
    const queue = new Queue<number>({ capacity: 1 });
    queue.putNow(1);
    return queue.put(2, options);
  },
  'put into a full priority queue': (options) => {
    const queue = new PriorityQueue<number>({ capacity: 1 });
    queue.putNow(1);
    return queue.put(2, 5, options);
  },
  'join of a queue': (options) => {
    const queue = new Queue<number>();
    queue.putNow(1);
    return queue.join(options);
  },
  'acquire of a lock': (options) => {
    const lock = new Lock();
    void lock.acquire();
    return lock.acquire(options);
  },
  'with of a semaphore': (options) => {
    const semaphore = new Semaphore(1);
    void semaphore.acquire();
    return semaphore.with(never, options);
  },
  'wait for an event': (options) => new Event().wait(options),
  'wait at a barrier': (options) => new Barrier(2).wait(options),
  'wait for a condition': (options) => {
    const condition = new Condition();
    return condition.lock.with(async () => condition.wait(options));
  },
};

const isCancelled = (error: unknown): boolean => error instanceof CancelledError && error.reason === 'enough';

describe('The option signal', () => {
  for (const [name, begin] of Object.entries(operations)) {
    it(`cancels ${name} when it is aborted, also before`, async () => {
      const controller = new AbortController();
      const future = begin({ signal: controller.signal });
      await sleep(0);
      controller.abort('enough');
      await assert.rejects(async () => future, isCancelled);
      await assert.rejects(async () => begin({ signal: AbortSignal.abort('enough') }), isCancelled);
    });
  }

  it('takes nothing when it is aborted already, and puts nothing', async () => {
    const signal = AbortSignal.abort('enough');
    const queue = new Queue<string>();
    queue.putNow('kept');
    const lock = new Lock();
    const futures: Future[] = [
      queue.get({ signal }),
      queue.put('not put', { signal }),
      lock.acquire({ signal }),
    ];
    for (const future of futures) await assert.rejects(async () => future, isCancelled);
    assert.deepEqual([queue.size, lock.isLocked], [1, false]);
    const begun: string[] = [];
    await assert.rejects(async () => spawn(() => void begun.push('begun'), { signal }), isCancelled);
    assert.deepEqual(begun, []);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, given);
    };
    signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, given);
    };
    const queue = new Queue<number>();
    for (let item = 0; item < 10; item++) {
      queue.putNow(item);
      assert.equal(await queue.get({ signal }), item);
    }
    await sleep(1, undefined, { signal });
    await sleep(0);
    assert.equal(listeners, 0);
  });
});
