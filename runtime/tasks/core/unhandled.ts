/**
 * Warnings about what nobody handles, each given once.
 *
 * - A task failed and nothing read how it ended. The warning comes when the task is collected (as
 *   in Python) or when its run ends, whichever is first. It names the line that made the task.
 *   Waiting for the task before that takes the warning back.
 * - A task was left when its run ended, and nothing ever waited for it.
 * - A callback threw where no code can catch the error.
 */
import { pathToFileURL } from 'node:url';
import { FACT, KIND } from '../../trace/format/kinds.ts';
import { recorder, traced } from './trace.ts';

const NEVER_AWAITED = FACT['never-awaited'];

/** A task, as warnings know it. */
interface WarnedTask {
  readonly id: number;
  readonly made: string | undefined;
  describe(): string;
}

/** The warnings that were not given yet, by a key that does not hold the task. */
const pendingWarnings = new Map<object, string>();
const collected = new FinalizationRegistry<object>((key) => emitPending(key));
const keys = new WeakMap<WarnedTask, object>();

/** The task failed and nothing waits for it. */
export function reportUnhandled(task: WarnedTask, error: unknown): void {
  const key = {};
  keys.set(task, key);
  collected.register(task, key);
  pendingWarnings.set(key, unhandledMessage(task, error));
}

/** The failure is handled after all. */
export function retractUnhandled(task: WarnedTask): void {
  const key = keys.get(task);
  if (key !== undefined) pendingWarnings.delete(key);
}

/** A run has ended: gives all warnings that are still pending. */
export function warnUnhandled(): void {
  for (const key of [...pendingWarnings.keys()]) emitPending(key);
}

function emitPending(key: object): void {
  const message = pendingWarnings.get(key);
  if (message === undefined) return;
  pendingWarnings.delete(key);
  process.emitWarning(message, 'SimulWarning', 'SIMUL_UNHANDLED_FAILURE');
}

function unhandledMessage(task: WarnedTask, error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  return `${task.describe()}, ${describeOrigin(task.made)}, failed and nobody looked at it: ${detail}`;
}

/** The run has ended, the task has not, and nothing ever waited for it. */
export function warnNeverAwaited(task: WarnedTask): void {
  if (traced)
    recorder.write(KIND.fact, NEVER_AWAITED, task.id, 0, recorder.defineText(task.describe()), 0, 0);
  process.emitWarning(
    `${task.describe()}, ${describeOrigin(task.made)}, had not ended when the run did, and nobody waits for it: it is cancelled. Wait for it, or cancel it`,
    'SimulWarning',
    'SIMUL_NEVER_AWAITED',
  );
}

/** A callback of the user's threw where no code can catch it; the rest goes on. */
export function warnThrown(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`${what}: ${detail}`, 'SimulWarning');
}

/**
 * The place where a task was made, from the stack of that moment: the first line that belongs
 * neither to Node nor to the library.
 */
export function describeOrigin(stack: string | undefined): string {
  const place = stack
    ?.split('\n')
    .slice(1)
    .map((line) => /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]+:\d+:\d+)\)?$/.exec(line)?.[1])
    .find((found) => found !== undefined && !found.startsWith('node:') && !isLibraryPlace(found));
  return place === undefined
    ? 'made at a line that was not kept'
    : `made at ${decodeURI(place.replace('file://', ''))}`;
}

const HERE = new URL('.', import.meta.url).href;
/**
 * The folders of the library's files: `runtime/` when each is a file of its own, `dist/` when they
 * are bundled; and the places that source maps give for either.
 */
const LIBRARY_FOLDERS = HERE.endsWith('/runtime/tasks/core/')
  ? [new URL('../..', HERE).href, new URL('../../../../runtime/', HERE).href]
  : [HERE, new URL('../runtime/', HERE).href];

function isLibraryPlace(place: string): boolean {
  const url = place.startsWith('file:') ? place : pathToFileURL(place).href;
  return LIBRARY_FOLDERS.some((folder) => url.startsWith(folder));
}
