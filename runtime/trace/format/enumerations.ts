/**
 * The enumerations of records: lists of names (`REASONS`), whose index is the number in a record,
 * and a map from name to number (`REASON.timer`). Names are appended, never moved or reused.
 */

import { FACTS } from './facts.ts';

export { FACTS };

/** The numbers of a list of names: `{ '': 0, task: 1, … }`, each with its literal type. */
type NumbersOf<Names extends readonly string[]> = {
  readonly [Index in keyof Names & `${number}` as Names[Index]]: Index extends `${infer N extends number}`
    ? N
    : never;
};

function numbersOf<const Names extends readonly string[]>(names: Names): NumbersOf<Names> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as NumbersOf<Names>;
}

/** Some numbers of a map, to test for: `numberSet(RESOURCE_KIND, 'thread', 'process')`. */
export const numberSet = <Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  ...names: readonly NoInfer<Name>[]
): ReadonlySet<number> => new Set(names.map((name) => numbers[name]));

export const SITE_ROLES = [
  '',
  'function',
  'await',
  'return',
  'yield',
  'for-await',
  'timer',
  'call',
  'line',
] as const;
export const SITE_ROLE = numbersOf(SITE_ROLES);

/**
 * What the parser saw at a site that no event tells. Of an await in a loop: `in-loop`, no turn of
 * the loop uses what an earlier turn gave; `effect-in-loop`, the same where awaited values are not
 * used, so that only the order of the effects could matter. Of awaits one below the other:
 * `begins-series`; `independent`, it uses nothing that an earlier one of the series gave;
 * `dependent`, it does. Of a return: `in-try`, a `catch` of the same function stands around it. Of
 * a function: `shared-state`, it writes, after an await, what it shares with its other runs.
 */
export const SITE_NOTES = [
  '',
  'in-loop',
  'effect-in-loop',
  'begins-series',
  'independent',
  'dependent',
  'in-try',
  'shared-state',
] as const;
export const SITE_NOTE = numbersOf(SITE_NOTES);
export type SiteNote = (typeof SITE_NOTES)[number];

export const LANGUAGES = ['', 'node', 'python'] as const;
export const LANGUAGE = numbersOf(LANGUAGES);

export const START_METHODS = [
  '',
  'program',
  'fork',
  'spawn',
  'forkserver',
  'exec',
  'cluster',
  'job',
] as const;
export const START_METHOD = numbersOf(START_METHODS);

/**
 * How a process ended. `exit`: nothing was left to do; `called`: it called `process.exit`;
 * `replaced`: it became another program (`execve`).
 */
export const PROCESS_ENDS = ['', 'exit', 'uncaught', 'called', 'fork-exit', 'signal', 'replaced'] as const;
export const PROCESS_END = numbersOf(PROCESS_ENDS);

export const LANE_KINDS = ['', 'main', 'worker', 'thread', 'loader'] as const;
export const LANE_KIND = numbersOf(LANE_KINDS);

export const LANE_ENDS = ['', 'exit', 'uncaught', 'terminated', 'called'] as const;
export const LANE_END = numbersOf(LANE_ENDS);

/** Kinds of activation: what sort of code runs. */
export const ACTIVATION_KINDS = [
  '',
  'async-function',
  'async-generator',
  'module',
  'main',
  'timer-callback',
  'io-callback',
  'event-callback',
  'tick-callback',
  'promise-callback',
  'coroutine',
  'asyncio-task',
  'thread',
  'process',
  'chunk',
  'job',
  'async-task',
  // Sync, and driven by `next`, `throw` and `return`; only where the person asked to see them.
  'generator',
] as const;
export const ACTIVATION_KIND = numbersOf(ACTIVATION_KINDS);

export const OUTCOMES = ['', 'ok', 'error', 'cancelled'] as const;
export const OUTCOME = numbersOf(OUTCOMES);

export const WAKERS = ['none', 'known', 'external'] as const;
export const WAKER = numbersOf(WAKERS);

/** Why a task waits. `''`: not recorded. */
export const REASONS = [
  '',
  'task',
  'group',
  'timer',
  'io',
  'queue-get',
  'queue-put',
  'lock',
  'semaphore',
  'event',
  'condition',
  'barrier',
  'join',
  'pool',
  'future',
  'consumer',
  'value',
  'signal',
  'job',
  'lane',
] as const;
export const REASON = numbersOf(REASONS);

export type Reason = (typeof REASONS)[number];

export const RESOURCE_KINDS = [
  '',
  'timer',
  'io',
  'queue',
  'priority-queue',
  'lifo-queue',
  'lock',
  'rlock',
  'semaphore',
  'event',
  'condition',
  'barrier',
  'pool',
  'future',
  'group',
  'stream',
  'signal',
  'thread',
  'process',
  'job-queue',
  'foreign',
  'promise',
  'thread-pool',
  // Another thread or process of the program, as one hears of it: the messages of a worker, of a
  // child process, of whoever began this one (`parent`) or of another end of a port (`port`); the
  // end of a worker or child (`exit`); what a child writes to its output (`output`).
  'worker',
  'child',
  'parent',
  'port',
  'exit',
  'output',
  // The connections of a client, a few, which its requests share: of an agent of Node's `http`, of
  // a pool of undici's.
  'connections',
  // A job of a queue of jobs: each attempt at it is a task `of` it.
  'job',
] as const;
export const RESOURCE_KIND = numbersOf(RESOURCE_KINDS);

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** The program's own threads and processes, as one of them hears of another. */
export const PEER_KINDS: ReadonlySet<number> = numberSet(
  RESOURCE_KIND,
  'worker',
  'child',
  'parent',
  'port',
  'exit',
  'output',
);

export const GROUP_KINDS = ['', 'all', 'all-settled', 'race', 'any', 'gather', 'task-group', 'wait'] as const;
export const GROUP_KIND = numbersOf(GROUP_KINDS);

/**
 * How a task uses what others wait for. `call`: it called what gives back, stops or starts it.
 * `inside`: a call of it had begun the task before it returned. `asks`, `got`: it awaits, and has
 * from then on, what an async function of the program's own takes from it. Of connections, for a
 * request that the task made at the site: `queued`, it waits for one, since others have them all;
 * `holds`, it has one; `unread`, it keeps that, for its answer has come and was not read to its
 * end; `gave-back`, it has none any more. `refused`: the queue was full, and took nothing. Of no
 * resource: `begun`, the line that made the task; `within`, what the task waits for from now on is
 * one more call of the await at the site, which is of a caller of its; without a site, of none. Of
 * a job: `delays`, it is not in line before its time. Of a queue of jobs: `pauses` and `resumes`;
 * `limits`, as many jobs began as may in a stretch of time; `unlimits`, that is over.
 */
export const USES = [
  '',
  'call',
  'inside',
  'asks',
  'got',
  'queued',
  'holds',
  'unread',
  'gave-back',
  'refused',
  'begun',
  'within',
  'delays',
  'pauses',
  'resumes',
  'limits',
  'unlimits',
] as const;
export const USE = numbersOf(USES);

/**
 * How it is known what held a lane. `callback`: it ran from begin to end outside any task; `call`:
 * a call known to block did; `sampled`: seen at work by samples; `unseen`: the thread was busy, and
 * nothing tells with what; `starved`: nothing held it, the machine gave the processor to others;
 * `rearmed`: one tick asked for the next, and the loop could not turn.
 */
export const HOLDS = ['', 'callback', 'call', 'sampled', 'unseen', 'starved', 'rearmed'] as const;
export const HOLD = numbersOf(HOLDS);

/**
 * What the size of a value counts: UTF-16 units of a string, items of an array or typed array,
 * entries of a Map or Set, bytes of a buffer.
 */
export const SIZES = ['', 'characters', 'items', 'entries', 'bytes'] as const;
export const SIZE = numbersOf(SIZES);

export const UNITS = ['ns', 'us', 'ms', 's'] as const;
export const UNIT = numbersOf(UNITS);

export const UNIT_NS = [1, 1e3, 1e6, 1e9] as const;
export const LINK_WAYS = ['', 'send', 'receive'] as const;
export const LINK_WAY = numbersOf(LINK_WAYS);

/**
 * Of a `message` the token names the way on which it goes, and `attempt` is its number on that way,
 * from 1: a way is a queue, so nothing is added to a message. Of `exit`, `output` and `signal` the
 * token is the pid of a process, and tokenHigh its thread, or the signal's number: who ended, who
 * wrote, and who was sent the signal. Of the first two nobody writes the other end.
 */
export const LINK_KINDS = [
  '',
  'message',
  'spawn',
  'job',
  'result',
  'exit',
  'output',
  'signal',
  // Of a queue outside the process. Both ends make the token of what they know of the job, so it is
  // the same on all machines.
  'queued-job',
  'queued-result',
] as const;
export const LINK_KIND = numbersOf(LINK_KINDS);

export const FACT = numbersOf(FACTS);

/**
 * `instrument`: the thread read and rewrote a file for us; the pause is not the program's.
 * `loading`: Node had not run the program's first file yet.
 * `stopped`: no thread of the process ran, as after SIGSTOP, Ctrl-Z or in a debugger.
 */
export const PAUSES = ['', 'breakpoint', 'user', 'asleep', 'instrument', 'stopped', 'loading'] as const;
export const PAUSE = numbersOf(PAUSES);

/**
 * Where records were lost. `permission`: the file could not be written any more; `threads`: the
 * lane found no free ring and recorded nothing but this; `room`: the recording was at its limit
 * until the follower had let go of its oldest records.
 */
export const LOSSES = ['', 'ring', 'disk', 'hole', 'limit', 'permission', 'threads', 'room'] as const;
export const LOSS = numbersOf(LOSSES);

/**
 * Why the beginning of a part was let go. `limit`: the recording was near its size limit; `save`:
 * only the last seconds were saved.
 */
export const KEPT_REASONS = ['', 'limit', 'save'] as const;
export const KEPT_REASON = numbersOf(KEPT_REASONS);

/**
 * Not of the agent are `running`: the recording was saved while the process ran; and `machine`: of
 * a trace put together from several machines, the number (`count`) of the one the process ran on,
 * and in `text` its name and for how many ns its clock is known to be right ("host|400000").
 */
export const AGENT_NOTICES = ['', 'on', 'off', 'fault', 'unseen', 'seen', 'running', 'machine'] as const;
export const AGENT_NOTICE = numbersOf(AGENT_NOTICES);
