/**
 * A function called an async one, or handed it to `forEach`, left its promise, and was over while
 * that still ran: what it gave back did not have the work in it. Meant are `void f()`, a promise
 * with handlers (`f().catch(…)`), and calls at the top level of a module or from a timer or an
 * event, where nobody could wait.
 *
 * Refuted by a caller that needs nothing of the work. Whether it does, no record tells.
 */
import { ACTIVATION_KIND, OUTCOME, SITE_ROLE, numberSet } from '../format/kinds.ts';
import { taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

/** Callers that somebody may wait for. */
const AWAITABLE = numberSet(ACTIVATION_KIND, 'async-function', 'async-generator', 'job', 'async-task');
const MAX_FINDINGS = 20;
const MAX_TASKS = 100;
const MAX_PLACES = 1000;
/** The work of a tick or two: nobody sees the difference. */
const MIN_OUTLIVED_NS = 1e6;

/** The tasks left at one place. */
interface Place {
  /** The call, or the function that was handed on. */
  readonly site: number;
  readonly caller: number;
  readonly tasks: number[];
  count: number;
  failed: number;
  /** Of the caller's end, to the last one's. */
  longestNs: number;
  t: number;
}

export class DroppedTasks {
  readonly #trace: Trace;
  readonly #places = new Map<number, Place>();
  /** Somebody waited for them after all. */
  readonly #awaited = new Set<number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskEnded(task: number, t: number): void {
    const { tasks } = this.#trace;
    const caller = tasks.parent[task]!;
    if (caller < 0 || !AWAITABLE.has(tasks.kind[caller]!)) return;
    const outlivedNs = t - tasks.endedNs[caller]!;
    if (!(outlivedNs >= MIN_OUTLIVED_NS)) return;
    const call = tasks.droppedAt[task]!;
    const site = call >= 0 ? call : tasks.site[task]!;
    if (site < 0 || (call < 0 && !isHandedOn(this.#trace, site))) return;
    let place = this.#places.get(site);
    if (place === undefined) {
      if (this.#places.size >= MAX_PLACES) return;
      place = { site, caller, tasks: [], count: 0, failed: 0, longestNs: 0, t };
      this.#places.set(site, place);
    }
    place.count++;
    place.t = t;
    place.longestNs = Math.max(place.longestNs, outlivedNs);
    if (tasks.outcome[task] === OUTCOME.error) place.failed++;
    if (place.tasks.length < MAX_TASKS) place.tasks.push(task);
  }

  waitEnded({ target }: EndedWait): void {
    const task = taskOfTarget(target);
    if (task >= 0 && this.#trace.tasks.droppedAt[task]! >= 0) this.#awaited.add(task);
  }

  findings(rule: string): Finding[] {
    return [...this.#places.values()]
      .filter(({ tasks }) => !tasks.every((task) => this.#awaited.has(task)))
      .slice(0, MAX_FINDINGS)
      .map((place) => this.#findingOf(rule, place));
  }

  #findingOf(rule: string, { site, caller, tasks, count: all, failed, longestNs, t }: Place): Finding {
    const trace = this.#trace;
    const isCallback = isHandedOn(trace, site);
    const { text } = trace.sites[site]!;
    const words: SentencePart[] = [taskPart(trace, caller), ' ended while '];
    if (isCallback) {
      words.push(
        all === 1 ? 'the callback' : count(all, 'callback'),
        ` of \`${text}\` (`,
        sitePart(trace, site),
        ')',
      );
    } else {
      const [first] = tasks as [number];
      words.push(all === 1 ? taskPart(trace, first) : `${count(all, 'call')} of \`${calleeOf(text)}\``);
      words.push(', called at ', sitePart(trace, site), ' without an `await`,');
    }
    words.push(` still ran for ${duration(longestNs)}: nobody waits for ${all === 1 ? 'it' : 'them'}`);
    if (failed > 0) words.push(failed === all ? ', and it failed' : `, and ${failed} of them failed`);
    words.push(
      isCallback
        ? `. \`${text.replace(/\w+$/, 'map')}\` gives promises for \`await Promise.all(…)\`.`
        : '. `await` waits for it; `void` says that it goes on by itself.',
    );
    return {
      rule,
      severity: 'warning',
      words,
      sites: [site],
      tasks,
      t,
      sinceNs: trace.tasks.endedNs[caller]!,
    };
  }
}

/** The site of a function that was handed to what drops its promise. */
function isHandedOn(trace: Trace, site: number): boolean {
  const { role, text } = trace.sites[site]!;
  return role === SITE_ROLE.function && text !== '' && !isExecutor(trace, site) && !isReducer(trace, site);
}

/** The site of an async function whose promise a `reduce` hands to its next run. */
export function isReducer({ sites }: Trace, site: number): boolean {
  const { role, text } = sites[site]!;
  return role === SITE_ROLE.function && /\.reduce(?:Right)?$/.test(text);
}

/** The site of an async function that a `new Promise` was given. */
export function isExecutor({ sites }: Trace, site: number): boolean {
  const { role, text } = sites[site]!;
  return role === SITE_ROLE.function && /^new\s+Promise$/.test(text);
}

function calleeOf(text: string): string {
  const end = text.indexOf('(');
  return end > 0 ? text.slice(0, end) : text;
}
