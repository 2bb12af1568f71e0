/**
 * One wait in words: how long, for what, ended by whom. What was not recorded is said to
 * be unrecorded. The walk through the waker's own spans is explain.ts.
 */
import { cancelThatEnded } from '../model/cut-short.ts';
import type { Wait } from '../model/wait.ts';
import { REASONS, RESOURCE_KINDS } from '../format/kinds.ts';
import { settledReason, timerOf } from '../model/settled-reason.ts';
import { displayPlace } from '../model/display-path.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from './duration.ts';
import { isOver, nowOf, terminatedWith } from '../model/times-so-far.ts';
import { awaited, resourcePart, sitePart, taskPart } from './names.ts';
import type { Part, Sentence } from './sentence.ts';

/** Callers named in a sentence. */
const MAX_CALLERS = 3;

/** "fetchAll waited 1.20 s at orders.ts:12 for a timer (setTimeout 100 ms), set off by …". */
export function describeWait(trace: Trace, wait: Wait): Sentence {
  const ns = (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs;
  const isCut = wait.endNs === null && isOver(trace, wait.row);
  const verb = wait.endNs === null && !isCut ? 'has been waiting' : 'waited';
  const words: Part[] = [taskPart(trace, wait.row), ` ${verb} ${duration(ns)}`];
  words.push(...whereOf(trace, wait));
  const gone = isCut ? terminatedWith(trace, wait.row) : null;
  const end = gone ? `, until its ${gone} was terminated.` : ', and was still waiting at the end.';
  words.push(...describeTarget(trace, wait), isCut ? end : '.');
  return words;
}

/** " at slow.ts:23 (in Service.load, called at slow.ts:37)": a function that others await says the call as well. */
export function whereOf(
  trace: Trace,
  { row, site, awaitStack: callers = [] }: Pick<Wait, 'row' | 'site' | 'awaitStack'>,
): Sentence {
  if (site < 0) return [];
  const words: Part[] = [' at ', sitePart(trace, site)];
  const { fn } = trace.sites[site]!;
  // Which call it was may not be known any more; that it was one, the function tells.
  if (callers.length === 0)
    return isName(fn) && isAnother(trace, row, fn) ? [...words, ` (in ${fn})`] : words;
  return [...words, ' (', isName(fn) ? `in ${fn}, ` : '', ...calls(trace, callers), ')'];
}

/** ", called at slow.ts:37, from slow.ts:53": of what stands elsewhere; nothing where nobody called. */
export const calledAt = (trace: Trace, { awaitStack: callers = [] }: Pick<Wait, 'awaitStack'>): Sentence =>
  callers.length === 0 ? [] : [', ', ...calls(trace, callers)];

function calls(trace: Trace, callers: readonly number[]): Sentence {
  const said = callers.slice(0, MAX_CALLERS).map((caller) => sitePart(trace, caller));
  const words = said.flatMap((part, i) => [i === 0 ? 'called at ' : ', from ', part]);
  return callers.length > MAX_CALLERS ? [...words, ', …'] : words;
}

/** Whether a row's own function is known and is another one than this. */
function isAnother(trace: Trace, row: number, fn: string): boolean {
  const own = trace.sites[trace.tasks.site[row]!];
  return own !== undefined && own.fn !== fn && trace.nameOf(row) !== fn;
}

const isName = (fn: string): boolean => fn !== '' && !fn.startsWith('<');

/** " for …": the reason as far as it was recorded, and the awaited text where that is all there is. */
export function describeTarget(
  trace: Trace,
  wait: Pick<Wait, 'reason' | 'target' | 'site'> & { readonly waker?: number },
): Sentence {
  const { target, site, waker = -1 } = wait;
  const text = awaited(trace, site);
  const task = target > 0 ? taskPart(trace, target - 1) : null;
  const resource = target < 0 ? resourcePart(trace, -target - 1) : null;
  const group = target < 0 ? trace.groups.get(-target - 1) : undefined;
  const kind = target < 0 ? RESOURCE_KINDS[trace.resources[-target - 1]?.kind ?? 0] : '';
  const reason = REASONS[settledReason(trace, wait.reason, waker, target)] ?? '';
  switch (reason) {
    case 'task':
      return task ? [' for task ', task] : [' for a task of which there is no record'];
    case 'group':
      if (!group || !resource) return [` for a group of promises${text && ` (${text})`}`];
      return [' for ', resource, ` of ${count(group.members.length, memberOf(trace, -target - 1))}`];
    case 'timer': {
      const of = waker >= 0 ? timerOf(trace, waker) : -1;
      const timer = of >= 0 ? resourcePart(trace, of) : kind === 'timer' ? resource : null;
      if (!timer) return [text ? ` for ${text} (a timer)` : ' for a timer'];
      return text ? [` for ${text} (the timer `, timer, ')'] : [' for the timer ', timer];
    }
    case 'io':
      if (!resource || kind !== 'io') return [' for I/O'];
      return text ? [` for I/O: ${text} (`, resource, ')'] : [' for I/O (', resource, ')'];
    case 'join':
      return task ? [' for the end of ', task] : resource ? [' for the end of ', resource] : [' for an end'];
    case 'queue-get':
      return [' for an item of ', resource ?? 'a queue'];
    case 'queue-put':
      return [' for room in ', resource ?? 'a queue'];
    case 'consumer':
      return [' to be asked for the next item'];
    case 'value':
      return [' one turn of the loop: what it awaited was no promise'];
    case 'lane':
      return [' for the thread'];
    case 'future':
    case '':
      if (task) return [' for ', task];
      if (resource && text === '') return [' for ', resource];
      // A promise that was made on the spot is the awaited text itself.
      if (resource && trace.resources[-target - 1]!.name !== madeHere(trace, site))
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

/** What a group is made of: Node's own functions take promises, the library's and Python's take tasks. */
function memberOf(trace: Trace, resource: number): string {
  return (trace.resources[resource]?.name ?? '').startsWith('Promise.') ? 'promise' : 'task';
}

/** What the instrument calls a promise that was made in this line. */
function madeHere(trace: Trace, site: number): string {
  const at = trace.sites[site];
  return at ? `made at ${displayPlace(at)}` : '';
}

/** "It was cancelled by main (a.ts:12)." */
function cancelledBy(trace: Trace, by: number): Sentence {
  if (by < 0) return ['It was cancelled; which task asked for that was not recorded.'];
  return ['It was cancelled by ', taskPart(trace, trace.rowOf(by)), '.'];
}

/** "It was ended by …": never empty, never a guess. */
export function endedBy(trace: Trace, wait: Wait): Sentence {
  // That its thread or process went is said already.
  if (wait.endNs === null && terminatedWith(trace, wait.row)) return [];
  if (wait.endNs === null)
    return [isOver(trace, wait.row) ? 'Nothing ended this wait.' : 'Nothing has ended this wait yet.'];
  const { waker } = wait;
  const cancel = cancelThatEnded(trace, wait);
  if (cancel) return cancelledBy(trace, cancel.by);
  if (waker >= 0) {
    // The task it waited for: saying it again would be noise.
    if (wait.target === waker + 1) return [];
    const timer = timerOf(trace, waker);
    if (timer >= 0) {
      const creator = trace.tasks.parent[waker]!;
      const own = creator >= 0 && trace.rowOf(creator) === trace.rowOf(wait.row);
      // Where the sentence before names the timer, what is left to say is who set it.
      if (REASONS[settledReason(trace, wait.reason, waker, wait.target)] === 'timer') {
        if (own) return ['It had set this timer itself.'];
        return creator < 0 ? [] : ['This timer was set by ', taskPart(trace, creator), '.'];
      }
      const words: Part[] = ['It was ended by the timer ', resourcePart(trace, timer)];
      if (own) words.push(', which it had set itself');
      else if (creator >= 0) words.push(', set by ', taskPart(trace, creator));
      return [...words, '.'];
    }
    if (trace.rowOf(waker) === trace.rowOf(wait.row)) return ['What it waited for came out of its own work.'];
    const words: Part[] = ['It was ended by ', taskPart(trace, waker)];
    if (trace.tasks.site[waker]! >= 0) words.push(' (', sitePart(trace, trace.tasks.site[waker]!), ')');
    return [...words, '.'];
  }
  if (wait.target < 0) {
    const resource = -wait.target - 1;
    const kind = RESOURCE_KINDS[trace.resources[resource]?.kind ?? 0];
    // A timer that was waited for and came is the whole story.
    if (kind === 'timer') return [];
    if (kind !== 'group')
      return ['It was ended from outside the program by ', resourcePart(trace, resource), '.'];
  }
  return ['No waker was recorded for this wait.'];
}
