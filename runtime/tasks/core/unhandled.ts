/**
 * What fails and nobody looks at is told, once each, and makes the program's exit status 1.
 *
 *   a future fails, unlooked at ─▶ a turn of Node's loop later still so ─▶ pending
 *   pending ─▶ it is collected, its run ends, or the program does ─▶ told
 *
 * Waiting for it before that takes it back: as in Python a task may be awaited late, which a
 * promise may not. What is told is a warning that names the future and the line that made it.
 * Where the program listens to `unhandledRejection`, that decides what follows, as for a promise;
 * else the program goes on, and fails at its end.
 *
 * The same for a callback that threw where no code can catch the error. And a warning about a task
 * that was left when its run ended, though nothing ever waited for it.
 */
import { writeSync } from 'node:fs';
import { FACT, KIND } from '../../trace/format/kinds.ts';
import { CancelledError } from './errors.ts';
import { HANDLED } from './future-state.ts';
import { placeOf } from './kept-line.ts';
import { UNINTERRUPTED } from './stuck.ts';
import { builtIns, recorder, traced } from './trace.ts';

const NEVER_AWAITED = FACT['never-awaited'];

/** A future, as warnings know it. */
interface WarnedFuture {
  readonly flags: number;
  readonly value: unknown;
  /** The stack of the line that made it; undefined: that is not kept. */
  readonly made?: string | undefined;
  describe(): string;
}

/** A task, as warnings know it. */
interface WarnedTask extends WarnedFuture {
  readonly id: number;
}

/** A failure that was not told yet. */
interface Failure {
  readonly message: string;
  readonly error: unknown;
}

/** Failed in this turn of the loop. */
let fresh: WarnedFuture[] = [];
/** By a key that does not hold the future. */
const pending = new Map<object, Failure>();
const collected = new FinalizationRegistry<object>((key) => tell(key));
const keys = new WeakMap<WarnedFuture, object>();
let watchesExit = false;

/** The future failed and nothing waits for it. */
export function reportUnhandled(future: WarnedFuture): void {
  if (fresh.push(future) === 1) builtIns.setImmediate(keepFresh);
  if (watchesExit) return;
  watchesExit = true;
  process.on('beforeExit', warnUnhandled);
  process.on('exit', tellAtExit);
}

/** The failure is handled after all. */
export function retractUnhandled(future: WarnedFuture): void {
  const key = keys.get(future);
  if (key !== undefined) pending.delete(key);
}

function keepFresh(): void {
  const failed = fresh;
  fresh = [];
  for (const future of failed) {
    // Who cancelled it knows.
    if (future.flags & HANDLED || future.value instanceof CancelledError) continue;
    const key = {};
    keys.set(future, key);
    collected.register(future, key);
    pending.set(key, { message: failureMessage(future), error: future.value });
  }
}

/** A run has ended, or the program is about to: tells all that is still pending. */
export function warnUnhandled(): void {
  keepFresh();
  for (const key of [...pending.keys()]) tell(key);
}

function tell(key: object): void {
  const failure = pending.get(key);
  if (failure === undefined) return;
  pending.delete(key);
  process.emitWarning(failure.message, 'SimulWarning', 'SIMUL_UNHANDLED_FAILURE');
  leaveToPolicy(failure.error);
}

/** As for a rejection that nobody handles, but for a program that says nothing of these. */
function leaveToPolicy(error: unknown): void {
  if (process.listenerCount('unhandledRejection') > 0) void Promise.reject(error as Error);
  else if (!IS_STATUS_LEFT) process.exitCode ??= 1;
}

/** Whoever starts the program so wants no status of it. */
const IS_STATUS_LEFT = /--unhandled-rejections[= ](?:none|warn)(?![\w-])/.test(
  [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '),
);

/** `process.exit` was called: no further warning would be written. */
function tellAtExit(): void {
  keepFresh();
  if (pending.size === 0) return;
  for (const { message } of pending.values()) {
    try {
      writeSync(2, `(node:${process.pid}) [SIMUL_UNHANDLED_FAILURE] SimulWarning: ${message}\n`);
    } catch {
      // Nobody reads it.
    }
  }
  pending.clear();
}

function failureMessage(future: WarnedFuture): string {
  const origin = 'made' in future ? `, ${describeOrigin(future.made)},` : '';
  return `${future.describe()}${origin} failed and nobody looked at it: ${describeError(future.value)}`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
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

/** The task was cancelled and did not end within the grace period. */
export function warnAbandoned(task: WarnedTask, graceMs: number): void {
  process.emitWarning(
    `${task.describe()}, ${describeOrigin(task.made)}, was cancelled and has not ended within ${graceMs} ms: ${UNINTERRUPTED}. It is abandoned, and its code may go on`,
    'SimulWarning',
    'SIMUL_ABANDONED',
  );
}

/** A callback of the user's threw where no code can catch it; the rest goes on. */
export function warnThrown(what: string, error: unknown): void {
  process.emitWarning(`${what}: ${describeError(error)}`, 'SimulWarning');
  leaveToPolicy(error);
}

/** Where a task was made, from the stack of that moment. */
export function describeOrigin(stack: string | undefined): string {
  const place = placeOf(stack);
  return place === undefined ? 'made at a line that was not kept' : `made at ${place}`;
}
