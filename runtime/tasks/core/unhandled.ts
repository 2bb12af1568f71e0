/**
 * Failures that nobody looked at: told once, as a warning with the line that made the task, when the task is collected (as Python does) or when
 * the run it belongs to ends, whichever comes first. A failure that is waited for later is none. And tasks that nobody waits for when their run ends.
 */
import { pathToFileURL } from 'node:url';
import { KIND, FACT } from '../../trace/format/kinds.ts';
import { recorder, traced } from './trace.ts';

const NEVER_AWAITED = FACT['never-awaited'];

interface Failed {
  readonly made: string | undefined;
  readonly error: unknown;
  describe(): string;
}

interface Forgotten {
  readonly id: number;
  readonly made: string | undefined;
  describe(): string;
}

const pendingWarnings = new Map<object, string>();
const collected = new FinalizationRegistry<object>((key) => emitWarning(key));
const keys = new WeakMap<Failed, object>();

/** The task failed and nobody waits for it. */
export function reportUnhandled(task: Failed, error: unknown): void {
  const key = {};
  keys.set(task, key);
  collected.register(task, key);
  pendingWarnings.set(key, sentence(task, error));
}

/** Somebody looks at it after all. */
export function retractUnhandled(task: Failed): void {
  const key = keys.get(task);
  if (key !== undefined) pendingWarnings.delete(key);
}

/** Tells of all that are still untold: a run has ended. */
export function warnUnhandled(): void {
  for (const key of [...pendingWarnings.keys()]) emitWarning(key);
}

function emitWarning(key: object): void {
  const words = pendingWarnings.get(key);
  if (words === undefined) return;
  pendingWarnings.delete(key);
  process.emitWarning(words, 'SimulWarning', 'SIMUL_UNSEEN_FAILURE');
}

function sentence(task: Failed, error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  return `${task.describe()}, ${describeOrigin(task.made)}, failed and nobody looked at it: ${what}`;
}

/** The task is left when its run ends, though nobody ever cared for it. */
export function warnNeverAwaited(task: Forgotten): void {
  if (traced) recorder.write(KIND.fact, NEVER_AWAITED, task.id, 0, recorder.text(task.describe()), 0, 0);
  process.emitWarning(
    `${task.describe()}, ${describeOrigin(task.made)}, had not ended when the run did, and nobody waits for it: it is cancelled. Wait for it, or cancel it`,
    'SimulWarning',
    'SIMUL_FORGOTTEN_TASK',
  );
}

/** Where a task was made, in words, from the stack of its making: the first line that is neither Node's nor the library's. */
export function describeOrigin(made: string | undefined): string {
  const line = made
    ?.split('\n')
    .slice(1)
    .map((text) => /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]+:\d+:\d+)\)?$/.exec(text)?.[1])
    .find((place) => place !== undefined && !place.startsWith('node:') && !isLibraryPlace(place));
  return line === undefined
    ? 'made at a line that was not kept'
    : `made at ${decodeURI(line.replace('file://', ''))}`;
}

const HERE = new URL('.', import.meta.url).href;
/** Where the library's files are: `runtime/` when each is a file of its own, `dist/` when they are bundled; and what source maps say of either. */
const LIBRARY_FOLDERS = HERE.endsWith('/runtime/tasks/core/')
  ? [new URL('../..', HERE).href, new URL('../../../../runtime/', HERE).href]
  : [HERE, new URL('../runtime/', HERE).href];

function isLibraryPlace(place: string): boolean {
  const url = place.startsWith('file:') ? place : pathToFileURL(place).href;
  return LIBRARY_FOLDERS.some((folder) => url.startsWith(folder));
}
