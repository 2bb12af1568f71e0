/**
 * Async listeners of what comes piece by piece (`line`, `data`), whose emitter does not wait for
 * them: at its end (`close`, `end`) the program went on while runs of them still waited, as if all
 * pieces had been dealt with.
 *
 *   lines.on('line', async (line) => { await save(line); count++; });
 *   await once(lines, 'close');   // the last lines are not saved yet
 *
 * That they were open is seen. That the end is that of the same source is taken from the text: it
 * is waited for by its name, or by a promise that the function of the listener made, in the same
 * file. Refuted where whoever went on was woken later by one of those runs: then it waited for
 * them.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND, REASON, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const PIECE = /^on\('(line|data|message|row|record|entry|item|file|match|field|word|chunk|readable)'\) /;
const END = /^on\('(close|end|finish)'\) /;
const WAITS_FOR_END = /\b(?:finished|pipeline)\(|['"`](?:close|end|finish)['"`]/;
const PROMISED = numberSet(REASON, '', 'future', 'event', 'io');
const ASYNC = ACTIVATION_KIND['async-function'];
const EVENT_CALLBACK = ACTIVATION_KIND['event-callback'];
/** So close to each other in one file, listeners are of one source. */
const MAX_LINES_APART = 40;
/** What the loop hands out in one turn is no end that went ahead of others. */
const MIN_LATE_NS = 500e3;
const MAX_OPEN = 10_000;
const MAX_TASKS = 20;

/** A listener by its place, and who went on at the end of its source. */
interface Listener {
  readonly site: number;
  readonly event: string;
  runs: number;
  readonly open: Set<number>;
  lastNs: number;
  ahead: Ahead | null;
}

interface Ahead {
  readonly row: number;
  readonly site: number;
  readonly t: number;
  readonly left: ReadonlySet<number>;
  /** Where one of them waited then; −1: it is not known. */
  readonly waitSite: number;
  isRefuted: boolean;
}

export class AsyncListeners implements Observer {
  readonly #trace: Trace;
  /** By site. */
  readonly #listeners = new Map<number, Listener>();
  readonly #ofRun = new Map<number, Listener>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    const { kind, site } = this.#trace.tasks;
    const at = site[task]!;
    if (at < 0) return;
    if (kind[task] === ASYNC) {
      const known = this.#listeners.get(at);
      const event = known?.event ?? PIECE.exec(this.#trace.nameOf(task))?.[1];
      if (event !== undefined) this.#addRun(task, at, event);
    } else if (kind[task] === EVENT_CALLBACK && this.#ofRun.size > 0 && END.test(this.#trace.nameOf(task)))
      this.#wentAhead(task, at, t, (listener) => this.#areNear(listener.site, at));
  }

  taskEnded(task: number, t: number): void {
    const listener = this.#ofRun.get(task);
    if (listener === undefined) return;
    this.#ofRun.delete(task);
    listener.open.delete(task);
    listener.lastNs = t;
  }

  waitEnded({ row, waker, reason, target, site, endNs }: EndedWait): void {
    if (this.#ofRun.size === 0) return;
    const by = waker < 0 ? -1 : this.#trace.rowOf(waker);
    for (const { ahead } of this.#listeners.values())
      if (ahead !== null && ahead.row === row && ahead.left.has(by)) ahead.isRefuted = true;
    if (this.#ofRun.has(row) || this.#ofRun.has(by) || !PROMISED.has(reason) || site < 0) return;
    const isNamed = WAITS_FOR_END.test(this.#trace.sites[site]!.text);
    const of = this.#trace.resources[resourceOfTarget(target)];
    const isEvent = of?.kind === RESOURCE_KIND.event && /^(?:close|end|finish)$/.test(of.name);
    const made = of?.kind === RESOURCE_KIND.promise ? of.site : -1;
    this.#wentAhead(row, site, endNs, (listener) =>
      isNamed || isEvent
        ? this.#areNear(listener.site, site)
        : made >= 0 && this.#isMadeAround(listener.site, made, site),
    );
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    return [...this.#listeners.values()].flatMap((listener) => {
      const { ahead } = listener;
      if (ahead === null || ahead.isRefuted || this.#trace.losses.hasAny(this.#processOf(listener.site)))
        return [];
      const { state, endedNs } = this.#trace.tasks;
      if (state[ahead.row] !== State.ended || listener.lastNs - ahead.t < MIN_LATE_NS) return [];
      if (listener.lastNs < endedNs[ahead.row]!) return [];
      return findingOf(this.#trace, rule, listener, ahead);
    });
  }

  #addRun(task: number, site: number, event: string): void {
    let listener = this.#listeners.get(site);
    if (listener === undefined)
      this.#listeners.set(
        site,
        (listener = { site, event, runs: 0, open: new Set(), lastNs: 0, ahead: null }),
      );
    listener.runs++;
    if (this.#ofRun.size >= MAX_OPEN) return;
    listener.open.add(task);
    this.#ofRun.set(task, listener);
  }

  #wentAhead(row: number, site: number, t: number, isOfSource: (listener: Listener) => boolean): void {
    for (const listener of this.#listeners.values()) {
      if (listener.open.size === 0 || listener.ahead !== null || !isOfSource(listener)) continue;
      const left = new Set(listener.open);
      const [first] = left;
      const { leaf, waitSite } = this.#trace.tasks;
      listener.ahead = { row, site, t, left, waitSite: waitSite[leaf[first!]!]!, isRefuted: false };
    }
  }

  #processOf(site: number): number {
    return this.#trace.sites[site]!.process;
  }

  #areNear(a: number, b: number): boolean {
    const [one, other] = [this.#trace.sites[a]!, this.#trace.sites[b]!];
    return (
      one.process === other.process &&
      one.file === other.file &&
      Math.abs(one.line - other.line) <= MAX_LINES_APART
    );
  }

  /** `record(values)` waits for the promise that `record` made at the line above the listener. */
  #isMadeAround(listener: number, made: number, waits: number): boolean {
    const { sites } = this.#trace;
    const [{ line }, promise] = [sites[listener]!, sites[made]!];
    if (!this.#areNear(listener, made)) return false;
    const isOwn = made === waits || sites[waits]!.text.includes(`${promise.fn.split('.').pop()}(`);
    return isOwn && promise.fn !== '' && promise.line <= line;
  }
}

function findingOf(trace: Trace, rule: string, listener: Listener, ahead: Ahead): Finding {
  const { site, event, runs } = listener;
  const left = ahead.left.size;
  return {
    rule,
    severity: 'warning',
    words: [
      taskPart(trace, ahead.row),
      ' went on at ',
      sitePart(trace, ahead.site),
      ` while ${whichRuns(left, runs)} ` + `of the async listener for \`${event}\` at `,
      sitePart(trace, site),
      ' still waited',
      ...(ahead.waitSite < 0
        ? []
        : [' at ', sitePart(trace, ahead.waitSite), inOwnFunction(trace, ahead.waitSite)]),
      ': nobody waits for what it returns. ',
      'Use `for await`, or gather its promises and await them at the end.',
    ],
    sites: [ahead.site, site, ahead.waitSite].filter((known) => known >= 0),
    tasks: [...new Set([ahead.row, ...[...ahead.left].map((task) => trace.rowOf(task))])].slice(0, MAX_TASKS),
    t: listener.lastNs,
    sinceNs: ahead.t,
    isWrong: true,
  };
}

/** "the only run", "both runs", "all 40 runs", "3 of the 40 runs" */
function whichRuns(left: number, runs: number): string {
  if (left < runs) return `${left} of the ${count(runs, 'run')}`;
  if (runs <= 2) return runs === 1 ? 'the only run' : 'both runs';
  return `all ${count(runs, 'run')}`;
}

/** " in save": not of the listener itself, nor of a function without a name. */
function inOwnFunction(trace: Trace, site: number): string {
  const { fn } = trace.sites[site]!;
  return fn === '' || /^<|^on\(/.test(fn) ? '' : ` in ${fn}`;
}
