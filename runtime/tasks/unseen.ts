/**
 * Failures that nobody looked at: told once, as a warning with the line that made the task, when the task is collected (as Python does) or when
 * the run it belongs to ends, whichever comes first. A failure that is waited for later is none.
 */
interface Failed {
  readonly made: string | undefined;
  readonly error: unknown;
  describe(): string;
}

const untold = new Map<object, string>();
const collected = new FinalizationRegistry<object>((key) => tell(key));
const keys = new WeakMap<Failed, object>();

/** The task failed and nobody waits for it. */
export function unseen(task: Failed, error: unknown): void {
  const key = {};
  keys.set(task, key);
  collected.register(task, key);
  untold.set(key, sentence(task, error));
}

/** Somebody looks at it after all. */
export function seen(task: Failed): void {
  const key = keys.get(task);
  if (key !== undefined) untold.delete(key);
}

/** Tells of all that are still untold: a run has ended. */
export function tellUnseen(): void {
  for (const key of [...untold.keys()]) tell(key);
}

function tell(key: object): void {
  const words = untold.get(key);
  if (words === undefined) return;
  untold.delete(key);
  process.emitWarning(words, 'SimulWarning', 'SIMUL_UNSEEN_FAILURE');
}

function sentence(task: Failed, error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  return `${task.describe()}, ${lineOf(task.made)}, failed and nobody looked at it: ${what}`;
}

/** Where a task was made, in words, from the stack of its making. */
export function lineOf(made: string | undefined): string {
  const line = made
    ?.split('\n')
    .slice(1)
    .map((text) => /(?:\(|at )((?:file:\/\/)?[^()]+:\d+:\d+)\)?$/.exec(text)?.[1])
    .find((place) => place !== undefined && !place.startsWith('node:'));
  return line === undefined ? 'made at a line that was not kept' : `made at ${line.replace('file://', '')}`;
}
