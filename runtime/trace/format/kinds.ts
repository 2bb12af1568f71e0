/**
 * The table of kinds: what each record says, field by field. A kind's number, a flag's bit and an
 * enumeration's number are the contract between languages. They never change meaning; new ones are
 * appended. `test/vectors` holds one record of each kind as bytes; the build writes this table to
 * `dist/kinds.json` for the other languages.
 * The enumerations of flags are beside it (enumerations.ts); this file is the door to both.
 */
import {
  ACTIVATION_KINDS,
  AGENT_NOTICES,
  FACTS,
  GROUP_KINDS,
  HOLDS,
  KEPT_REASONS,
  LANE_ENDS,
  LANE_KINDS,
  LANGUAGES,
  LINK_KINDS,
  LINK_WAYS,
  LOSSES,
  OUTCOMES,
  PAUSES,
  PROCESS_ENDS,
  REASONS,
  RESOURCE_KINDS,
  SITE_NOTES,
  SITE_ROLES,
  SIZES,
  START_METHODS,
  UNITS,
  USES,
  WAKERS,
} from './enumerations.ts';
import type { Field, FieldType, FlagPart, KindSpec } from './kind-spec.ts';

export * from './enumerations.ts';
export type * from './kind-spec.ts';

const field = (name: string, type: FieldType): Field => ({ name, type });
const bit = (at: number): FlagPart => ({ bit: at, bits: 1 });
const part = (at: number, bits: number, names: readonly string[]): FlagPart => ({ bit: at, bits, names });

const UNIT_PART = part(0, 2, UNITS);
const MOVE_PARTS = { now: bit(0), refused: bit(1) };

/** One row a kind, in the order of their numbers. */
export const KINDS = {
  text: {
    number: 1,
    says: 'a piece of text; lane = number of the piece',
    task: field('id', 'number'),
    a: field('', 'bytes'),
    b: field('', 'bytes'),
    c: field('', 'bytes'),
    d: field('', 'bytes'),
    flags: { last: bit(7) },
  },
  site: {
    number: 2,
    says: 'a place in the source; t low = column, t high = hash of the line',
    task: field('id', 'number'),
    a: field('file', 'text'),
    b: field('line', 'number'),
    c: field('function', 'text'),
    d: field('text', 'text'),
    flags: { role: part(0, 4, SITE_ROLES), direct: bit(4), note: part(5, 3, SITE_NOTES) },
  },
  processBegin: {
    number: 3,
    says: 'a process runs under trace',
    task: field('creator', 'task'),
    a: field('pid', 'number'),
    b: field('parentPid', 'number'),
    c: field('argv', 'text'),
    d: field('version', 'text'),
    flags: { language: part(0, 4, LANGUAGES), method: part(4, 4, START_METHODS) },
  },
  processEnd: {
    number: 4,
    says: 'the process is about to end, or its parent saw it end',
    // Who called `process.exit` or sent itself the signal, and where.
    task: field('by', 'task'),
    a: field('exitCode', 'number'),
    b: field('signal', 'number'),
    c: field('site', 'site'),
    flags: { how: part(0, 4, PROCESS_ENDS) },
  },
  clock: {
    number: 5,
    says: 'the wall clock at t, ns since 1970',
    a: field('wall', 'low'),
    b: field('wallHigh', 'high'),
    c: field('uncertaintyNs', 'number'),
    flags: {},
  },
  laneBegin: {
    number: 6,
    says: 'a thread begins',
    task: field('creator', 'task'),
    a: field('osThread', 'number'),
    b: field('name', 'text'),
    flags: { kind: part(0, 4, LANE_KINDS), gil: bit(7) },
  },
  laneEnd: {
    number: 7,
    says: 'the thread ends',
    task: field('by', 'task'),
    a: field('exitCode', 'number'),
    b: field('site', 'site'),
    flags: { how: part(0, 4, LANE_ENDS) },
  },
  activationBegin: {
    number: 8,
    says: 'an activation begins, and runs at once unless `ready`',
    task: field('id', 'task'),
    a: field('parent', 'task'),
    b: field('site', 'site'),
    c: field('name', 'text'),
    d: field('of', 'resource'),
    flags: { kind: part(0, 5, ACTIVATION_KINDS), ready: bit(6), unawaited: bit(7) },
  },
  activationEnd: {
    number: 9,
    says: 'the activation ended',
    task: field('id', 'task'),
    a: field('error', 'text'),
    b: field('site', 'site'),
    c: field('canceller', 'task'),
    // Processor time of a thread's or pool's call; how much others had, in 16ths; it often stopped.
    d: field('cpuUs', 'number'),
    flags: { outcome: part(0, 2, OUTCOMES), starved: { bit: 2, bits: 4 }, locked: bit(6) },
  },
  run: {
    number: 10,
    says: 'the task has the lane again',
    task: field('id', 'task'),
    a: field('waker', 'task'),
    b: field('resource', 'resource'),
    c: field('type', 'text'),
    flags: { waker: part(0, 2, WAKERS) },
  },
  wait: {
    number: 11,
    says: 'the task gave the lane away',
    task: field('id', 'task'),
    a: field('site', 'site'),
    b: field('for', 'task-or-resource'),
    c: field('type', 'text'),
    d: field('deadlineMs', 'number'),
    flags: { reason: part(0, 5, REASONS), direct: bit(6), yield: bit(7) },
  },
  step: {
    number: 12,
    says: 'the task ran from t for `duration` and left at `site` (Python)',
    task: field('id', 'task'),
    a: field('duration', 'duration'),
    b: field('site', 'site'),
    c: field('for', 'task-or-resource'),
    d: field('waker', 'task'),
    flags: { unit: UNIT_PART, reason: part(2, 5, REASONS) },
  },
  wake: {
    number: 13,
    says: 'what the task waited for has come: it could run',
    task: field('woken', 'task'),
    a: field('waker', 'task'),
    b: field('resource', 'resource'),
    c: field('site', 'site'),
    flags: {},
  },
  resourceBegin: {
    number: 14,
    says: 'something to wait for exists',
    task: field('creator', 'task'),
    a: field('id', 'resource'),
    b: field('site', 'site'),
    c: field('name', 'text'),
    d: field('capacity', 'number'),
    flags: { kind: part(0, 5, RESOURCE_KINDS), bounded: bit(7) },
  },
  resourceEnd: {
    number: 15,
    says: 'the resource is closed',
    task: field('by', 'task'),
    a: field('id', 'resource'),
    flags: {},
  },
  put: {
    number: 16,
    says: 'an item went in',
    task: field('by', 'task'),
    a: field('resource', 'resource'),
    b: field('depth', 'number'),
    c: field('serial', 'number'),
    d: field('priority', 'number'),
    flags: MOVE_PARTS,
  },
  get: {
    number: 17,
    says: 'an item came out',
    task: field('by', 'task'),
    a: field('resource', 'resource'),
    b: field('depth', 'number'),
    c: field('serial', 'number'),
    d: field('priority', 'number'),
    flags: MOVE_PARTS,
  },
  acquire: {
    number: 18,
    says: 'a lock or permit was taken',
    task: field('by', 'task'),
    a: field('resource', 'resource'),
    b: field('left', 'number'),
    c: field('holder', 'task'),
    flags: { reentrant: bit(0) },
  },
  release: {
    number: 19,
    says: 'a lock or permit was given back',
    task: field('by', 'task'),
    a: field('resource', 'resource'),
    b: field('left', 'number'),
    c: field('holder', 'task'),
    flags: { reentrant: bit(0) },
  },
  group: {
    number: 20,
    says: 'a child belongs to a group',
    task: field('parent', 'task'),
    a: field('group', 'resource'),
    b: field('child', 'task-or-resource'),
    c: field('index', 'number'),
    d: field('count', 'number'),
    flags: { kind: part(0, 4, GROUP_KINDS), decides: bit(7) },
  },
  chunk: {
    number: 21,
    says: 'this activation works on items of a pool; none: on a call by itself',
    task: field('id', 'task'),
    a: field('pool', 'resource'),
    b: field('first', 'number'),
    c: field('items', 'number'),
    d: field('submitter', 'task'),
    flags: { retry: bit(0) },
  },
  link: {
    number: 22,
    says: 'one end of a connection between processes or threads',
    task: field('id', 'task'),
    a: field('token', 'low'),
    b: field('tokenHigh', 'high'),
    c: field('resource', 'resource'),
    d: field('attempt', 'number'),
    flags: { way: part(0, 4, LINK_WAYS), kind: part(4, 4, LINK_KINDS) },
  },
  cancel: {
    number: 23,
    says: 'a task was asked to stop',
    task: field('target', 'task'),
    a: field('by', 'task'),
    b: field('site', 'site'),
    c: field('reason', 'text'),
    flags: {},
  },
  held: {
    number: 24,
    says: 'one piece of code held the lane from t',
    task: field('top', 'task'),
    a: field('duration', 'duration'),
    b: field('site', 'site'),
    // What was called there ("pbkdf2Sync"), or the function that was seen at work.
    c: field('name', 'text'),
    // The outermost line of the program's on the stack: where the lane came in.
    d: field('from', 'site'),
    flags: { unit: UNIT_PART, how: part(2, 3, HOLDS), timedOut: bit(5) },
  },
  fact: {
    number: 25,
    says: 'something worth knowing',
    task: field('id', 'task'),
    a: field('site', 'site'),
    b: field('text', 'text'),
    c: field('called', 'site'),
    // How many, how much or how long (ns): what it counts depends on the fact.
    d: field('amount', 'number'),
    flags: { what: part(0, 7, FACTS) },
  },
  pause: {
    number: 26,
    says: 'the lane was stopped from outside',
    a: field('site', 'site'),
    flags: { why: part(0, 4, PAUSES) },
  },
  resume: {
    number: 27,
    says: 'the lane goes on',
    a: field('site', 'site'),
    flags: { why: part(0, 4, PAUSES) },
  },
  lost: {
    number: 28,
    says: 'records are missing here',
    a: field('count', 'low'),
    b: field('countHigh', 'high'),
    c: field('since', 'low'),
    d: field('sinceHigh', 'high'),
    flags: { where: part(0, 4, LOSSES) },
  },
  agent: {
    number: 29,
    says: 'news of the instrument itself',
    a: field('text', 'text'),
    b: field('site', 'site'),
    c: field('count', 'number'),
    flags: { news: part(0, 4, AGENT_NOTICES) },
  },
  kept: {
    number: 30,
    says: 'up to the same with `end` stands what was left of the records up to t (checkpoint.ts)',
    // How many records that were, definitions included.
    a: field('records', 'low'),
    b: field('recordsHigh', 'high'),
    // Of the recording; 0: it was not near its limit.
    c: field('limitKb', 'number'),
    flags: { why: part(0, 4, KEPT_REASONS), end: bit(7) },
  },
  use: {
    number: 31,
    says: 'a task uses what others wait for; the site has the call; forMs is of a delay, 0: not known',
    task: field('by', 'task'),
    a: field('resource', 'resource'),
    b: field('site', 'site'),
    c: field('forMs', 'number'),
    flags: { how: part(0, 5, USES) },
  },
  times: {
    number: 32,
    says: 'what the system says of the thread since it began, ns',
    a: field('ran', 'low'),
    b: field('ranHigh', 'high'),
    c: field('delayed', 'low'),
    d: field('delayedHigh', 'high'),
    flags: {},
  },
  profile: {
    number: 33,
    says: 'for how long a profiler saw the lane at work at a place, since it last said so or began',
    a: field('duration', 'duration'),
    // Where the innermost function of the program's begins; 0: none was on the stack.
    b: field('site', 'site'),
    // What that had called, or what ran instead: "gzipSync", "code of ajv"; 0: it worked itself.
    c: field('name', 'text'),
    d: field('samples', 'number'),
    flags: { unit: UNIT_PART },
  },
  value: {
    number: 34,
    says: 'what the task comes back with from its wait, on request: its shape, and nothing of its content',
    task: field('id', 'task'),
    // Name of its type, class or error: "string", "Order"; 0: it is not known.
    a: field('type', 'text'),
    // In the unit of the flags; without one: not known.
    b: field('size', 'number'),
    flags: { unit: part(0, 3, SIZES), threw: bit(7) },
  },
} as const satisfies Readonly<Record<string, KindSpec>>;
export type KindName = keyof typeof KINDS;

/** A row of the table with its name. */
export interface NamedKind extends KindSpec {
  readonly name: KindName;
}

/** The rows in the order of their numbers, without a gap from 1 on. */
export const KIND_ROWS: readonly NamedKind[] = Object.entries(KINDS).map(([name, row]) => ({
  ...row,
  name: name as KindName,
}));

/** Kind numbers by name. */
export const KIND = Object.fromEntries(Object.entries(KINDS).map(([name, { number }]) => [name, number])) as {
  readonly [Name in KindName]: (typeof KINDS)[Name]['number'];
};

const maskOf = ({ bit: at, bits }: FlagPart): number => ((1 << bits) - 1) << at;

/** Flag bits that code sets and tests by name. */
export const FLAG = {
  textLast: maskOf(KINDS.text.flags.last),
  siteDirect: maskOf(KINDS.site.flags.direct),
  laneSharesGil: maskOf(KINDS.laneBegin.flags.gil),
  /** Its caller did not await it when it was called (known, not guessed). */
  beginUnawaited: maskOf(KINDS.activationBegin.flags.unawaited),
  /** It begins ready, without the lane, to run later (asyncio task, library task, thread body). */
  beginReady: maskOf(KINDS.activationBegin.flags.ready),
  /** The task gave the lane away but could go on at once. */
  waitYield: maskOf(KINDS.wait.flags.yield),
  /** The awaited expression is itself a call. */
  waitDirect: maskOf(KINDS.wait.flags.direct),
  resourceBounded: maskOf(KINDS.resourceBegin.flags.bounded),
  moveNow: maskOf(MOVE_PARTS.now),
  moveRefused: maskOf(MOVE_PARTS.refused),
  reentrant: maskOf(KINDS.acquire.flags.reentrant),
  groupDecides: maskOf(KINDS.group.flags.decides),
  chunkRetry: maskOf(KINDS.chunk.flags.retry),
  heldTimedOut: maskOf(KINDS.held.flags.timedOut),
  endLocked: maskOf(KINDS.activationEnd.flags.locked),
  keptEnd: maskOf(KINDS.kept.flags.end),
  /** It is the error that the wait threw. */
  valueThrew: maskOf(KINDS.value.flags.threw),
} as const;

/** Reads one part of a flags byte: `const reasonOf = flagReader(KINDS.wait.flags.reason)`. */
export function flagReader({ bit: at, bits }: FlagPart): (flags: number) => number {
  const mask = (1 << bits) - 1;
  return (flags) => (flags >>> at) & mask;
}

/** The bits of a flags byte that give a part this value. */
export const flagBits = ({ bit: at }: FlagPart, value: number): number => value << at;
