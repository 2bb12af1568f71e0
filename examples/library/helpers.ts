/**
 * Several tasks at once: wait for all, the first, each as it ends, within a time, or as a group.
 *
 * Look for the child that ended each wait, and for who cancelled the siblings of the failed one.
 */
import {
  asCompleted,
  type Coroutine,
  gather,
  group,
  race,
  run,
  shield,
  sleep,
  spawn,
  timeout,
  wait,
} from 'simul';

const after = (ms: number, name: string) =>
  function* () {
    yield* sleep(ms);
    return name;
  };
const failing = (ms: number) =>
  function* fails(): Coroutine<never> {
    yield* sleep(ms);
    throw new Error(`failed after ${ms} ms`);
  };

await run(
  function* main() {
    console.log('gather:', yield* gather([after(30, 'a'), after(10, 'b'), after(20, 'c')]));

    const results = yield* gather([after(10, 'fine'), failing(5)], { returnErrors: true });
    console.log(
      'with errors:',
      results.map((result) => (result instanceof Error ? result.message : result)),
    );

    const { done, pending } = yield* wait([after(5, 'quick'), after(50, 'slow')], {
      returnWhen: 'first-done',
    });
    console.log('wait:', done.length, 'done,', pending.length, 'pending');
    for (const task of pending) task.cancel('not needed');

    const order: string[] = [];
    for (const next of asCompleted([after(30, 'third'), after(10, 'first'), after(20, 'second')]))
      order.push(yield* next);
    console.log('as completed:', order.join(', '));

    console.log('race:', yield* race([after(20, 'tortoise'), after(10, 'hare')]));

    try {
      yield* timeout(10, after(1000, 'late'));
    } catch (error) {
      console.log('timeout:', (error as Error).name);
    }

    const kept = spawn(after(20, 'kept'));
    const impatient = spawn(function* impatient() {
      return yield* shield(kept);
    });
    yield* sleep(5);
    impatient.cancel('no patience');
    console.log('shield:', yield* kept);

    try {
      yield* group(function* (g) {
        g.spawn(function* sibling() {
          try {
            yield* sleep(1000);
          } finally {
            console.log('group: the sibling cleans up');
          }
        });
        g.spawn(failing(5));
      });
    } catch (error) {
      console.log('group:', (error as Error).message);
    }
  },
  { clock: 'virtual' },
);
