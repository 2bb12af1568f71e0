/**
 * Head-of-line blocking: what was asked of an object waited for no work of its own, but for a long
 * call of the same object that had been asked before, and came back as soon as that did. One
 * connection answers in order, so a call that blocks it (`BLPOP`) holds up all that follow.
 *
 *   redis.blpop()   ├──────────────────────────────┤
 *   redis.incr()             ├─────────────────────┤    each time, and never before
 *
 * Refuted by a single call of that line that came back while the long one went on: then nothing is
 * said. Nor is it of calls of one name, which may all wait for one thing (`barrier.wait()`), unless
 * they ask for different things in so many words (`pool.query('select 1')`), of
 * those that by their names wait until something is there or over, or of an object that lets
 * functions run one after another, which others tell of.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND, REASON, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { awaitedText, resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { CoveredTime } from './covered-time.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const headOfLine: Rule = {
  name: 'head-of-line',
  description: 'Short calls of a connection waited behind a long one that was asked before.',
  start: (trace) => new HeadOfLine(trace),
};

const REASONS = (['', 'future', 'io'] as const).map((name) => REASON[name]);
/** What takes less holds nobody up. */
const MIN_LONG_NS = 100e6;
const MIN_BEHIND_NS = 50e6;
/** So soon after the long call the other one came back. */
const MAX_AFTER_NS = 10e6;
const MIN_TIMES = 2;
/** Behind so long a call once is enough. */
const MIN_ONE_NS = 1e9;
const MIN_ALL_NS = 200e6;
/** Of one resource: calls that ended last. */
const MAX_KEPT = 256;
const MAX_LONG = 16;
const MAX_RESOURCES = 10_000;
const MAX_TASKS = 20;
const MAX_FINDINGS = 10;
const METHOD = /^[\w$.#?]*?\.(\w+)\(/;
/** Words of names of methods that wait until something is there or over: `waitForReady`. */
const WAITS: ReadonlySet<string> = new Set([
  ...['wait', 'until', 'once', 'ready', 'connect', 'open', 'join', 'idle', 'drain', 'flush', 'close'],
  ...['end', 'ended', 'done', 'finished', 'acquire', 'lock', 'next'],
]);
const RUNS_FUNCTIONS = /=>|\bfunction\b/;

interface Call {
  readonly site: number;
  /** Of the method. */
  readonly name: string;
  /** What it asks for, where the text has that in quotes; '': it has not. */
  readonly asked: string;
  /** The task of the program that ended its wait; −1: none did. */
  readonly waker: number;
  readonly row: number;
  readonly task: number;
  readonly startNs: number;
  readonly endNs: number;
}

/** Calls at one line behind those at another. */
interface Pair {
  readonly resource: number;
  readonly long: Call;
  readonly site: number;
  times: number;
  allNs: number;
  /** While at least one stood behind. */
  readonly time: CoveredTime;
  /** Those that came back while the long one went on. */
  passed: number;
  readonly rows: Set<number>;
  readonly task: number;
  firstNs: number;
  lastNs: number;
}

/** Of one resource: the calls that ended last. */
interface Calls {
  readonly long: Call[];
  readonly all: Call[];
}

class HeadOfLine implements RuleRun, Observer {
  readonly waitReasons = REASONS;
  readonly #trace: Trace;
  readonly #calls = new Map<number, Calls>();
  readonly #pairs = new Map<string, Pair>();
  /** By site, of the method; '': it is none that is looked at. */
  readonly #names: string[] = [];
  readonly #asked: string[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ target, site, row, task, startNs, endNs, waker }: EndedWait): void {
    const resource = resourceOfTarget(target);
    if (site < 0) return;
    if (this.#trace.resources[resource]?.kind !== RESOURCE_KIND.foreign) return;
    const name = (this.#names[site] ??= methodName(this.#trace.sites[site]!.text));
    if (name === '') return;
    let calls = this.#calls.get(resource);
    if (calls === undefined) {
      if (this.#calls.size >= MAX_RESOURCES) return;
      this.#calls.set(resource, (calls = { long: [], all: [] }));
    }
    const asked = (this.#asked[site] ??= askedIn(this.#trace.sites[site]!.text));
    const call: Call = { site, name, asked, waker, row, task, startNs, endNs };
    // Behind several of one line it waited once.
    const lines = new Set<number>();
    for (const long of calls.long) {
      if (lines.has(long.site) || !areOthers(call, long)) continue;
      const lastNs = this.#pairs.get(keyOf(resource, long, call))?.lastNs ?? 0;
      if (!isBehind(call, long, lastNs)) continue;
      lines.add(long.site);
      this.#add(resource, long, call);
    }
    if (isLong(call)) {
      for (const other of calls.all)
        if (areOthers(call, other) && hasPassed(other, call)) this.#pairOf(resource, call, other).passed++;
      keep(calls.long, call, MAX_LONG);
    }
    keep(calls.all, call, MAX_KEPT);
  }

  #add(resource: number, long: Call, behind: Call): void {
    const pair = this.#pairOf(resource, long, behind);
    const ns = long.endNs - behind.startNs;
    if (pair.times === 0) pair.firstNs = behind.startNs;
    pair.times++;
    pair.allNs += ns;
    pair.time.add(behind.startNs, long.endNs);
    pair.lastNs = behind.endNs;
    if (pair.rows.size < MAX_TASKS) pair.rows.add(behind.row);
  }

  #pairOf(resource: number, long: Call, { site, task }: Call): Pair {
    const key = keyOf(resource, long, { site });
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = {
        resource,
        long,
        site,
        task,
        times: 0,
        allNs: 0,
        time: new CoveredTime(),
        passed: 0,
        rows: new Set(),
        firstNs: 0,
        lastNs: 0,
      };
      this.#pairs.set(key, pair);
    }
    return pair;
  }

  findings(): Finding[] {
    const { losses, resources } = this.#trace;
    return [...this.#pairs.values()]
      .filter(
        ({ times, allNs, passed }) => passed === 0 && allNs >= (times >= MIN_TIMES ? MIN_ALL_NS : MIN_ONE_NS),
      )
      .filter(({ resource }) => !losses.hasAny(resources[resource]!.process))
      .sort((a, b) => b.allNs - a.allNs)
      .slice(0, MAX_FINDINGS)
      .map((pair) => findingOf(this.#trace, pair));
  }
}

const waitsByName = (name: string): boolean =>
  (name.match(/[A-Z]?[a-z]+/g) ?? []).some((word) => WAITS.has(word.toLowerCase()));

/** Names of methods that ask for an answer, and do not wait for somebody to put one there. */
const ASKS: ReadonlySet<string> = new Set(['query', 'execute', 'exec', 'request', 'fetch']);

/** Calls of one name may all wait for one thing, unless they ask for different things. */
function areOthers(a: Call, b: Call): boolean {
  if (a.row === b.row || a.site === b.site) return false;
  // One task of the program's own answers both, one after the other.
  const isServed = a.waker >= 0 && a.waker === b.waker;
  return (
    a.name !== b.name ||
    isServed ||
    (ASKS.has(a.name) && a.asked !== b.asked && a.asked !== '' && b.asked !== '')
  );
}

function keep(calls: Call[], call: Call, most: number): void {
  calls.push(call);
  if (calls.length > most) calls.splice(0, most / 2);
}

/** "blpop" of "this.redis.blpop('mails', 1)"; '': it is not looked at. */
function methodName(text: string): string {
  const name = METHOD.exec(text)?.[1] ?? '';
  return name !== '' && !waitsByName(name) && !RUNS_FUNCTIONS.test(text) ? name : '';
}

/** "select 1" of "pool.query('select 1', [id])"; '': it begins with no text in quotes. */
const askedIn = (text: string): string =>
  /^[^('"`]*\(\s*(?:'([^']*)|"([^"]*)|`([^`$]*))/
    .exec(text)
    ?.slice(1)
    .find((part) => part !== undefined) ?? '';

const keyOf = (resource: number, long: Pick<Call, 'site'>, behind: Pick<Call, 'site'>): string =>
  `${resource} ${long.site} ${behind.site}`;

const isLong = ({ startNs, endNs }: Call): boolean => endNs - startNs >= MIN_LONG_NS;

/**
 * It was asked after the long call, and came back just after it, or after another behind it.
 * @param lastNs when the last of those came back
 */
const isBehind = (call: Call, long: Call, lastNs: number): boolean =>
  isLong(long) &&
  long.startNs < call.startNs &&
  long.endNs - call.startNs >= MIN_BEHIND_NS &&
  call.endNs >= long.endNs &&
  call.endNs - Math.max(long.endNs, lastNs) <= MAX_AFTER_NS;

const hasPassed = (call: Call, long: Call): boolean =>
  call.startNs > long.startNs && call.endNs < long.endNs - MAX_AFTER_NS;

function findingOf(trace: Trace, pair: Pair): Finding {
  const { resource, long, site, times, time, rows, task, firstNs, lastNs } = pair;
  const [row] = [...rows] as [number];
  const words: SentencePart[] = [
    { task: row, text: trace.nameOf(task) },
    ` waited for ${awaitedText(trace, site)} at `,
    sitePart(trace, site),
    `${times > 1 ? ` ${count(times, 'time')}` : ''} until ${awaitedText(trace, long.site)} of `,
    taskPart(trace, long.row),
    ' at ',
    sitePart(trace, long.site),
    ' came back, on the same ',
    resourcePart(trace, resource),
    `: ${duration(time.totalNs)}. `,
    mendOf(trace, pair),
  ];
  return {
    rule: headOfLine.name,
    severity: 'warning',
    words,
    sites: [site, long.site],
    tasks: [...new Set([...rows, long.row])],
    t: lastNs,
    sinceNs: firstNs,
    gainNs: time.totalNs,
  };
}

function mendOf(trace: Trace, { long, site }: Pair): string {
  if (long.waker >= 0 && trace.tasks.kind[long.waker] === ACTIVATION_KIND['async-function'])
    return `${trace.nameOf(long.waker)} answers one after the other: let it go on while a long one is under way.`;
  return long.name === METHOD.exec(trace.sites[site]!.text)?.[1]
    ? 'What takes long needs connections of its own, or there are too few.'
    : 'One connection answers in order: give what blocks it one of its own.';
}
