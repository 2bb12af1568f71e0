/**
 * One wait in words: how long, where, for what, ended by whom. What was not recorded is said to be
 * unrecorded. The walk through the waker's own spans is explain.ts.
 */
import {
  ACTIVATION_KIND,
  LANGUAGE,
  REASON,
  REASONS,
  RESOURCE_KINDS,
  type ResourceKind,
} from '../format/kinds.ts';
import { cancelThatEnded } from '../model/cut-short.ts';
import { displayPlace } from '../model/display-path.ts';
import { outsideOf, settledReason, timerOf } from '../model/settled-reason.ts';
import { resourceOfTarget, taskOfTarget } from '../model/state.ts';
import { isPeer, originOfWaitEnd, wakerOf } from '../model/peers.ts';
import { lossAfter, nowOf } from '../model/known-until.ts';
import { isOver, terminatedWith } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count, duration } from './duration.ts';
import { awaitedText, resourcePart, sitePart, taskPart } from './parts.ts';
import { describeLastMoment, describeUnknown } from './loss.ts';
import { describeCalledEnd } from './process-end.ts';
import { describeStops } from './stop.ts';
import type { SentencePart, Sentence } from './sentence.ts';
import { withArticle } from './value.ts';

/** What the other thread did for a smaller share of the wait is not named. */
const MIN_SENDER_SHARE = 0.05;

/** Callers named in a sentence. */
const MAX_CALLERS = 3;

/** "fetchAll waited 1.20 s at orders.ts:12 for `sleep(100)` (the timer setTimeout 100 ms)." */
export function describeWait(trace: Trace, wait: Wait): Sentence {
  const ns = (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs;
  const unknown = wait.endNs === null ? describeUnknown(trace, wait.row) : null;
  const wasOpenAtEnd = wait.endNs === null && isOver(trace, wait.row);
  const verb = wait.endNs === null && !wasOpenAtEnd && unknown === null ? 'has been waiting' : 'waited';
  const words: SentencePart[] = [
    taskPart(trace, wait.row),
    ` ${verb} ${duration(ns)}`,
    describeStops(trace.processes[trace.tasks.process[wait.row]!], {
      fromNs: wait.startNs,
      toNs: wait.startNs + ns,
    }),
    ...describeWaitSite(trace, wait),
    ...describeTarget(trace, wait),
    ...describeSender(trace, wait, ns),
  ];
  if (unknown !== null) return [...words, `; ${unknown}.`];
  if (!wasOpenAtEnd) return [...words, '.'];
  const terminated = terminatedWith(trace, wait.row);
  if (terminated) return [...words, `, until its ${terminated} was terminated.`];
  return [...words, `, and was still waiting ${describeLastMoment(trace, wait.row)}.`];
}

/** ", which ran pack (pool.ts:13) for 3.1 s": what the thread that was waited for did meanwhile. */
function describeSender(trace: Trace, wait: Wait, waitNs: number): Sentence {
  const kind = kindOf(trace, resourceOfTarget(wait.target));
  if (kind !== 'worker' && kind !== 'child') return [];
  const sender = originOfWaitEnd(trace, wait)?.task ?? -1;
  if (sender < 0) return [];
  const row = trace.rowOf(sender);
  const ranNs = Math.min(trace.tasks.runNs[row]!, waitNs);
  if (ranNs < waitNs * MIN_SENDER_SHARE) return [];
  const site = trace.tasks.site[row]!;
  const place: Sentence = site < 0 ? [] : [' (', sitePart(trace, site), ')'];
  return [', which ran ', taskPart(trace, row), ...place, ` for ${duration(ranNs)}`];
}

/**
 * " at slow.ts:23 (in Service.load, called at slow.ts:37)". Of a function that others await, the
 * place alone does not tell which call waited.
 */
export function describeWaitSite(
  trace: Trace,
  { row, site, awaitStack = [] }: Pick<Wait, 'row' | 'site' | 'awaitStack'>,
): Sentence {
  if (site < 0) return [];
  const words: SentencePart[] = [' at ', sitePart(trace, site)];
  const { fn } = trace.sites[site]!;
  // The calls of a wait that is over may be unknown. That it was in a called function still shows.
  if (awaitStack.length === 0)
    return hasName(fn) && isOtherFunction(trace, row, fn) ? [...words, ` (in ${fn})`] : words;
  return [...words, ' (', hasName(fn) ? `in ${fn}, ` : '', ...callersPart(trace, awaitStack), ')'];
}

/** ", called at slow.ts:37, from slow.ts:53"; empty where nobody called. */
export const describeCallers = (trace: Trace, { awaitStack = [] }: Pick<Wait, 'awaitStack'>): Sentence =>
  awaitStack.length === 0 ? [] : [', ', ...callersPart(trace, awaitStack)];

function callersPart(trace: Trace, awaitStack: readonly number[]): Sentence {
  const words = awaitStack
    .slice(0, MAX_CALLERS)
    .flatMap((caller, i) => [i === 0 ? 'called at ' : ', from ', sitePart(trace, caller)]);
  return awaitStack.length > MAX_CALLERS ? [...words, ', …'] : words;
}

/** " in take": the function of a line, where a row came to it through a call; '': its own. */
export function inFunction(trace: Trace, row: number, site: number): string {
  const fn = trace.sites[site]?.fn ?? '';
  return hasName(fn) && isOtherFunction(trace, row, fn) ? ` in ${fn}` : '';
}

/** Whether a row's own function is known, and is not this one. */
function isOtherFunction(trace: Trace, row: number, fn: string): boolean {
  const own = trace.sites[trace.tasks.site[row]!];
  // A thread of Python's may have a name that says nothing of its function.
  const isNamedThread = trace.tasks.kind[row] === ACTIVATION_KIND.thread;
  return own !== undefined && (isNamedThread || own.fn !== fn) && trace.nameOf(row) !== fn;
}

/** What a task without a name is called by: "task at shop.ts:3", "module shop.ts". */
const SAYS_ITS_KIND = /^(?:task|callback at|request handler|module)(?![\w$])/;

const hasName = (fn: string): boolean => fn !== '' && !fn.startsWith('<');

/**
 * " for …": the reason as far as it was recorded, and the awaited text where nothing else tells.
 */
export function describeTarget(
  trace: Trace,
  wait: Pick<Wait, 'reason' | 'target' | 'site' | 'gave' | 'got'> & { readonly waker?: number },
): Sentence {
  const { target, site, waker = -1 } = wait;
  const text = awaitedText(trace, site);
  const taskIndex = taskOfTarget(target);
  const task = taskIndex >= 0 ? taskPart(trace, taskIndex) : null;
  const index = resourceOfTarget(target);
  const resource = index >= 0 ? resourcePart(trace, index) : null;
  const kind = index >= 0 ? (RESOURCE_KINDS[trace.resources[index]?.kind ?? 0] ?? '') : '';
  const reason = REASONS[settledReason(trace, wait.reason, waker, target)] ?? '';
  switch (reason) {
    case 'task':
      if (task && SAYS_ITS_KIND.test(trace.labelOf(taskIndex))) return [' for ', task];
      return task ? [' for task ', task] : [' for a task that was not recorded'];
    case 'group': {
      const group = trace.groups.get(index);
      if (!group || !resource)
        return [` for a group of ${isOfPython(trace, site) ? 'futures' : 'promises'}${text && ` (${text})`}`];
      return [' for ', resource, ` of ${count(group.members.length, memberNoun(trace, index))}`];
    }
    case 'timer': {
      const wakingTimer = waker >= 0 ? timerOf(trace, waker) : -1;
      const timer = wakingTimer >= 0 ? resourcePart(trace, wakingTimer) : kind === 'timer' ? resource : null;
      if (!timer) return [text ? ` for ${text} (a timer)` : ' for a timer'];
      return text ? [` for ${text} (the timer `, timer, ')'] : [' for the timer ', timer];
    }
    case 'io': {
      const outside = waker >= 0 ? outsideOf(trace, waker) : -1;
      const io = kind === 'io' ? resource : outside >= 0 ? resourcePart(trace, outside) : null;
      if (!io) return [' for I/O'];
      return text ? [` for I/O: ${text} (`, io, ')'] : [' for I/O (', io, ')'];
    }
    case 'join':
      // A queue's join waits until each item that was put has been reported done.
      if (resource && kind.endsWith('queue')) return [' for all items of ', resource, ' to be done'];
      return [' for the end of ', task ?? resource ?? 'a thread or process that was not recorded'];
    case 'queue-get':
      return [' for an item of ', resource ?? 'a queue'];
    case 'queue-put':
      return [' for room in ', resource ?? 'a queue'];
    case 'consumer':
      return [` to be asked for the next item${describeValues(trace, wait)}`];
    case 'value':
      return [
        isOfPython(trace, site)
          ? ' for one turn of the event loop'
          : ' for one turn of the event loop: the awaited value was no promise',
      ];
    case 'lane':
      return [' for the thread'];
    case 'future':
    case '':
      if (task) return [' for ', task];
      if (resource && text === '') return [' for ', resource];
      // A promise that was made at the awaiting line is the awaited text itself.
      if (resource && trace.resources[index]!.name !== nameOfPromiseMadeAt(trace, site))
        return [` for ${text} (`, resource, ')'];
      return text ? [` for ${text}`] : [];
    case 'lock':
    case 'semaphore':
    case 'event':
    case 'condition':
    case 'barrier':
    case 'pool':
    case 'signal':
    case 'job':
      return [' for ', resource ?? task ?? `a ${reason}`];
  }
}

/** " (it had given a number and got a Reading)": what a generator and its consumer exchanged. */
function describeValues(trace: Trace, { gave = -1, got = -1 }: Pick<Wait, 'gave' | 'got'>): string {
  const given = gave < 0 ? '' : withArticle(trace.text(gave));
  const sent = got < 0 || trace.text(got) === 'undefined' ? '' : withArticle(trace.text(got));
  if (given !== '' && sent !== '') return ` (it had given ${given} and got ${sent})`;
  return given !== '' ? ` (it had given ${given})` : sent !== '' ? ` (it got ${sent})` : '';
}

const isOfPython = ({ processes, sites }: Trace, site: number): boolean =>
  processes[sites[site]?.process ?? -1]?.language === LANGUAGE.python;

/**
 * What a group is made of: Node's own functions take promises, the library's and Python's take
 * tasks.
 */
function memberNoun(trace: Trace, group: number): string {
  return (trace.resources[group]?.name ?? '').startsWith('Promise.') ? 'promise' : 'task';
}

/** What the agent calls a promise that was made at this line. */
function nameOfPromiseMadeAt(trace: Trace, site: number): string {
  const info = trace.sites[site];
  return info ? `made at ${displayPlace(info)}` : '';
}

/** "It was ended by …". Empty where the wait's own sentence says it already; never a guess. */
export function describeWaitEnd(trace: Trace, wait: Wait): Sentence {
  if (wait.endNs === null) {
    if (terminatedWith(trace, wait.row) || lossAfter(trace, wait.row) !== null) return [];
    const called = describeCalledEnd(trace, trace.processes[trace.tasks.process[wait.row]!]);
    if (called.length > 0) return called;
    return [isOver(trace, wait.row) ? 'Nothing ended this wait.' : 'Nothing has ended this wait yet.'];
  }
  const cancel = cancelThatEnded(trace, wait);
  if (cancel) return describeCanceller(trace, cancel.by);
  const waker = wakerOf(trace, wait);
  return waker >= 0 ? describeWaker(trace, { ...wait, waker }) : describeCause(trace, wait);
}

/**
 * What came, where no task is known that made it come. Whether that was the program's own doing
 * (its signal's timeout) no record tells, but of its threads and processes.
 */
function describeCause(trace: Trace, { target, cause = 0 }: Wait): Sentence {
  const awaited = resourceOfTarget(target);
  const resource = cause < 0 ? resourceOfTarget(cause) : awaited;
  const kind = kindOf(trace, resource);
  if (resource < 0 || kind === 'group') return ['No waker was recorded for this wait.'];
  const isTimer = kind === 'timer';
  // A timer that was waited for and came is the whole story; so is a message of one's own worker.
  if ((isTimer || isPeer(trace, resource)) && resource === awaited) return [];
  const words: SentencePart[] = [
    `It was ended by ${isTimer ? 'the timer ' : ''}`,
    resourcePart(trace, resource),
  ];
  // Nothing else stands for a timer. I/O comes by other names than its own: `fetch` by a TCP
  // connection, `stat` by the file system.
  const isCutShort = resource !== awaited && kindOf(trace, awaited) === 'timer';
  if (isPeer(trace, resource)) return [...words, '.'];
  words.push(`${isCutShort ? ', and not by what it waited for' : ''}; no task was recorded as its waker.`);
  return words;
}

const kindOf = (trace: Trace, resource: number): ResourceKind =>
  RESOURCE_KINDS[trace.resources[resource]?.kind ?? 0] ?? '';

/** "It was cancelled by main." */
function describeCanceller(trace: Trace, by: number): Sentence {
  if (by < 0) return ['It was cancelled; which task asked for that was not recorded.'];
  return ['It was cancelled by ', taskPart(trace, trace.rowOf(by)), '.'];
}

function describeWaker(trace: Trace, wait: Wait): Sentence {
  const { waker } = wait;
  // The wait's own sentence names this task.
  if (taskOfTarget(wait.target) === waker) return [];
  const timer = timerOf(trace, waker);
  if (timer >= 0) return describeTimerWaker(trace, wait, timer);
  if (trace.rowOf(waker) === trace.rowOf(wait.row)) return ['Its own work ended this wait.'];
  const site = trace.tasks.site[waker]!;
  const words: SentencePart[] = ['It was ended by ', taskPart(trace, waker)];
  if (site >= 0) words.push(' (', sitePart(trace, site), ')');
  return [...words, '.'];
}

function describeTimerWaker(trace: Trace, wait: Wait, timer: number): Sentence {
  const creator = trace.tasks.parent[wait.waker]!;
  // A timer without a line may be a library's that the task called.
  const hasSite = (trace.resources[timer]?.site ?? -1) >= 0;
  const isOwn = creator >= 0 && trace.rowOf(creator) === trace.rowOf(wait.row);
  // Where the wait's own sentence names the timer, only who set it is left to say.
  if (settledReason(trace, wait.reason, wait.waker, wait.target) === REASON.timer) {
    if (isOwn) return [hasSite ? 'It had set this timer itself.' : 'This timer was set while it ran.'];
    if (creator < 0) return [];
    return hasSite
      ? ['This timer was set by ', taskPart(trace, creator), '.']
      : ['This timer was set while ', taskPart(trace, creator), ' ran.'];
  }
  const words: SentencePart[] = ['It was ended by the timer ', resourcePart(trace, timer)];
  if (isOwn) words.push(hasSite ? ', which it had set itself' : ', which was set while it ran');
  else if (creator >= 0)
    words.push(hasSite ? ', set by ' : ', set while ', taskPart(trace, creator), hasSite ? '' : ' ran');
  return [...words, '.'];
}
