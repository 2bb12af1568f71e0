/**
 * The table of kinds: what each record says, field by field. A kind's number, a flag's
 * bit and an enumeration's number are the contract between languages and never change
 * meaning; new ones are appended. `test/vectors` holds one record of each as bytes.
 */

/** Kind numbers (byte 31). */
export const K = {
  text: 1,
  site: 2,
  processBegin: 3,
  processEnd: 4,
  clock: 5,
  laneBegin: 6,
  laneEnd: 7,
  activationBegin: 8,
  activationEnd: 9,
  run: 10,
  wait: 11,
  step: 12,
  wake: 13,
  resourceBegin: 14,
  resourceEnd: 15,
  put: 16,
  get: 17,
  acquire: 18,
  release: 19,
  group: 20,
  chunk: 21,
  link: 22,
  cancel: 23,
  held: 24,
  fact: 25,
  pause: 26,
  resume: 27,
  lost: 28,
  agent: 29,
} as const;
export type KindName = keyof typeof K;

/**
 * What a field holds. `duration` has its unit in the flags; `low`/`high` are the halves
 * of a u64; `bytes` are a piece of text; `task` and `resource` share one id space.
 */
export type FieldType =
  | 'task'
  | 'resource'
  | 'task-or-resource'
  | 'text'
  | 'site'
  | 'number'
  | 'duration'
  | 'low'
  | 'high'
  | 'bytes';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

export interface KindRow {
  readonly kind: number;
  readonly name: KindName;
  /** What the record says, one line. */
  readonly says: string;
  /** `null`: the field is absent in this kind. */
  readonly task: Field | null;
  readonly a: Field | null;
  readonly b: Field | null;
  readonly c: Field | null;
  readonly d: Field | null;
  /** Named parts of the flags byte: name → [lowest bit, number of bits, names by value (or none)]. */
  readonly flags: Readonly<Record<string, FlagPart>>;
}

export interface FlagPart {
  readonly bit: number;
  readonly bits: number;
  readonly names?: readonly string[];
}

const f = (name: string, type: FieldType): Field => ({ name, type });
const bit = (at: number): FlagPart => ({ bit: at, bits: 1 });
const part = (at: number, bits: number, names: readonly string[]): FlagPart => ({ bit: at, bits, names });

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
export const LANGUAGES = ['', 'node', 'python'] as const;
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
export const PROCESS_ENDS = ['', 'exit', 'uncaught', 'called', 'fork-exit'] as const;
export const LANE_KINDS = ['', 'main', 'worker', 'thread', 'loader'] as const;
export const LANE_ENDS = ['', 'exit', 'uncaught', 'terminated'] as const;

/** Kinds of activation: what sort of code runs (activation-begin, low five bits). */
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
] as const;

export const OUTCOMES = ['', 'ok', 'error', 'cancelled'] as const;
export const WAKERS = ['none', 'known', 'external'] as const;

/** Why a task waits (wait: low five bits; step: bits 2–6). `''`: not recorded. */
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
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export const GROUP_KINDS = ['', 'all', 'all-settled', 'race', 'any', 'gather', 'task-group', 'wait'] as const;
export const UNITS = ['ns', 'us', 'ms', 's'] as const;
export const UNIT_NS = [1, 1e3, 1e6, 1e9] as const;
export const LINK_WAYS = ['', 'send', 'receive'] as const;
export const LINK_KINDS = ['', 'message', 'spawn', 'job', 'result'] as const;
export const FACTS = [
  '',
  'unhandled',
  'never-awaited',
  'unclosed',
  'error',
  'uncaught',
  // On the virtual clock: it waited for something of the world's, so that the order of this run is not that of the next.
  'order-not-promised',
  // From here on times are those of the library's virtual clock, which leaps over what is slept.
  'virtual-clock',
] as const;
/** `instrument`: ours, not the program's; the thread read and rewrote a file for us. */
export const PAUSES = ['', 'breakpoint', 'user', 'asleep', 'instrument'] as const;
export const LOSSES = ['', 'ring', 'disk', 'hole', 'limit'] as const;
export const AGENT_NEWS = ['', 'on', 'off', 'fault', 'unseen', 'seen'] as const;

/** Flag bits that code sets and tests by name. */
export const F = {
  textLast: 0x80,
  siteDirect: 0x10,
  laneSharesGil: 0x80,
  /** Nobody awaited it when it was called (known, not guessed). */
  beginUnawaited: 0x80,
  /** It begins without the lane: ready, to be run later (asyncio task, library task, thread body). */
  beginReady: 0x40,
  /** It gave the lane away but could go on at once. */
  waitYield: 0x80,
  /** The awaited expression is itself a call. */
  waitDirect: 0x40,
  resourceBounded: 0x80,
  moveNow: 0x01,
  moveRefused: 0x02,
  reentrant: 0x01,
  groupDecides: 0x80,
  chunkRetry: 0x01,
} as const;

const row = (
  name: KindName,
  says: string,
  task: Field | null,
  fields: readonly (Field | null)[],
  flags: Readonly<Record<string, FlagPart>> = {},
): KindRow => ({
  kind: K[name],
  name,
  says,
  task,
  a: fields[0] ?? null,
  b: fields[1] ?? null,
  c: fields[2] ?? null,
  d: fields[3] ?? null,
  flags,
});

const unit = part(0, 2, UNITS);
const move = { now: bit(0), refused: bit(1) };

/** One row a kind, in the order of their numbers; `KINDS[n - 1].kind === n`. */
export const KINDS: readonly KindRow[] = [
  row(
    'text',
    'a piece of text; lane = number of the piece',
    f('id', 'number'),
    [f('', 'bytes'), f('', 'bytes'), f('', 'bytes'), f('', 'bytes')],
    { last: bit(7) },
  ),
  row(
    'site',
    'a place in the source; t low = column, t high = hash of the line',
    f('id', 'number'),
    [f('file', 'text'), f('line', 'number'), f('function', 'text'), f('text', 'text')],
    { role: part(0, 4, SITE_ROLES), direct: bit(4) },
  ),
  row(
    'processBegin',
    'a process runs under trace',
    f('creator', 'task'),
    [f('pid', 'number'), f('parentPid', 'number'), f('argv', 'text'), f('version', 'text')],
    { language: part(0, 4, LANGUAGES), method: part(4, 4, START_METHODS) },
  ),
  row('processEnd', 'the process is about to end', null, [f('exitCode', 'number'), f('signal', 'number')], {
    how: part(0, 4, PROCESS_ENDS),
  }),
  row('clock', 'the wall clock at t, ns since 1970', null, [
    f('wall', 'low'),
    f('wallHigh', 'high'),
    f('uncertaintyNs', 'number'),
  ]),
  row('laneBegin', 'a thread begins', f('creator', 'task'), [f('osThread', 'number'), f('name', 'text')], {
    kind: part(0, 4, LANE_KINDS),
    gil: bit(7),
  }),
  row('laneEnd', 'the thread ends', null, [f('exitCode', 'number')], { how: part(0, 4, LANE_ENDS) }),
  row(
    'activationBegin',
    'an activation begins, and runs at once unless `ready`',
    f('id', 'task'),
    [f('parent', 'task'), f('site', 'site'), f('name', 'text'), f('of', 'resource')],
    { kind: part(0, 5, ACTIVATION_KINDS), ready: bit(6), unawaited: bit(7) },
  ),
  row(
    'activationEnd',
    'it ended',
    f('id', 'task'),
    [f('error', 'text'), f('site', 'site'), f('canceller', 'task')],
    { outcome: part(0, 2, OUTCOMES) },
  ),
  row(
    'run',
    'it has the lane again',
    f('id', 'task'),
    [f('waker', 'task'), f('resource', 'resource'), f('type', 'text')],
    { waker: part(0, 2, WAKERS) },
  ),
  row(
    'wait',
    'it gave the lane away',
    f('id', 'task'),
    [f('site', 'site'), f('for', 'task-or-resource'), f('type', 'text'), f('deadlineMs', 'number')],
    { reason: part(0, 5, REASONS), direct: bit(6), yield: bit(7) },
  ),
  row(
    'step',
    'it ran from t for `duration` and left at `site` (Python)',
    f('id', 'task'),
    [f('duration', 'duration'), f('site', 'site'), f('for', 'task-or-resource'), f('waker', 'task')],
    { unit, reason: part(2, 5, REASONS) },
  ),
  row('wake', 'what it waited for has come: it could run', f('woken', 'task'), [
    f('waker', 'task'),
    f('resource', 'resource'),
    f('site', 'site'),
  ]),
  row(
    'resourceBegin',
    'something to wait for exists',
    f('creator', 'task'),
    [f('id', 'resource'), f('site', 'site'), f('name', 'text'), f('capacity', 'number')],
    { kind: part(0, 5, RESOURCE_KINDS), bounded: bit(7) },
  ),
  row('resourceEnd', 'it is closed', f('by', 'task'), [f('id', 'resource')]),
  row(
    'put',
    'an item went in',
    f('by', 'task'),
    [f('resource', 'resource'), f('depth', 'number'), f('serial', 'number'), f('priority', 'number')],
    move,
  ),
  row(
    'get',
    'an item came out',
    f('by', 'task'),
    [f('resource', 'resource'), f('depth', 'number'), f('serial', 'number'), f('priority', 'number')],
    move,
  ),
  row(
    'acquire',
    'a lock or permit was taken',
    f('by', 'task'),
    [f('resource', 'resource'), f('left', 'number'), f('holder', 'task')],
    { reentrant: bit(0) },
  ),
  row(
    'release',
    'a lock or permit was given back',
    f('by', 'task'),
    [f('resource', 'resource'), f('left', 'number'), f('holder', 'task')],
    { reentrant: bit(0) },
  ),
  row(
    'group',
    'a child belongs to a group',
    f('parent', 'task'),
    [f('group', 'resource'), f('child', 'task-or-resource'), f('index', 'number'), f('count', 'number')],
    { kind: part(0, 4, GROUP_KINDS), decides: bit(7) },
  ),
  row(
    'chunk',
    'this activation works on items of a pool; none: on a call by itself',
    f('id', 'task'),
    [f('pool', 'resource'), f('first', 'number'), f('items', 'number'), f('submitter', 'task')],
    { retry: bit(0) },
  ),
  row(
    'link',
    'one end of a connection between processes or threads',
    f('id', 'task'),
    [f('token', 'low'), f('tokenHigh', 'high'), f('resource', 'resource'), f('attempt', 'number')],
    { way: part(0, 4, LINK_WAYS), kind: part(4, 4, LINK_KINDS) },
  ),
  row('cancel', 'somebody asked it to stop', f('target', 'task'), [
    f('by', 'task'),
    f('site', 'site'),
    f('reason', 'text'),
  ]),
  row(
    'held',
    'a callback outside any task held the lane from t',
    null,
    [f('duration', 'duration'), f('site', 'site')],
    { unit },
  ),
  row(
    'fact',
    'something worth knowing',
    f('id', 'task'),
    // `called`: where the promise of an unhandled rejection was left by whoever called.
    [f('site', 'site'), f('text', 'text'), f('called', 'site')],
    { what: part(0, 4, FACTS) },
  ),
  row('pause', 'the lane was stopped from outside', null, [f('site', 'site')], { why: part(0, 4, PAUSES) }),
  row('resume', 'and goes on', null, [f('site', 'site')], { why: part(0, 4, PAUSES) }),
  row(
    'lost',
    'records are missing here',
    null,
    [f('count', 'low'), f('countHigh', 'high'), f('since', 'low'), f('sinceHigh', 'high')],
    { where: part(0, 4, LOSSES) },
  ),
  row(
    'agent',
    'news of the instrument itself',
    null,
    [f('text', 'text'), f('site', 'site'), f('count', 'number')],
    { news: part(0, 4, AGENT_NEWS) },
  ),
];

/** The number that a name has in one of the tables above; throws on a name that is not there. */
export function numberOf<T extends string>(names: readonly T[], name: T): number {
  const n = names.indexOf(name);
  if (n < 0) throw new Error(`"${name}" is not one of ${names.join(', ')}`);
  return n;
}
