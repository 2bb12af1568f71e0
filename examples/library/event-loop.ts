/**
 * A cook and a waiter share one thread: tasks, futures and the switches between them.
 *
 * What to look for: the waiter cannot serve before the cook has called. The wait for `ready` ends
 * at the moment when the cook resolves it, and the trace names the cook as its waker.
 */
import { allTasks, currentTask, Future, run, sleep, spawn } from 'simul';

const ready = new Future<string>();

function* cook() {
  for (const dish of ['soup', 'bread']) {
    yield* sleep(5);
    console.log(`${currentTask().name}: ${dish} is done`);
  }
  ready.resolve('soup and bread');
}

async function waiter(): Promise<string> {
  const meal = await ready;
  console.log(`${currentTask().name}: serves ${meal}`);
  return meal;
}

await run(function* main() {
  const cooking = spawn(cook);
  const serving = spawn(waiter, { name: 'the waiter' });
  console.log(
    `tasks: ${allTasks()
      .map((task) => task.name)
      .join(', ')}`,
  );
  serving.onDone((task) => console.log(`${task.state}: ${task.result}`));
  yield* cooking;
  yield* serving;
});
