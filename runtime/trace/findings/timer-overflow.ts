/**
 * A timer that was set for longer than 2^31 − 1 ms, some 24.8 days: such a number does not fit, and
 * Node takes 1 ms instead. So it comes at once, and what sets it again does so a thousand times a
 * second. It is a fact of Node's timers, and of nothing else.
 */
import { ACTIVATION_KIND, LANGUAGE, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Resource, Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const timerOverflow: Rule = {
  name: 'timer-overflow',
  description: 'A timer was set for longer than Node can wait, and came after 1 ms.',
  start: (trace) => new TimerOverflow(trace),
};

const MAX_DELAY_MS = 2 ** 31 - 1;
const MAX_FINDINGS = 10;
const MAX_TIMERS = 10_000;
const TIMER_CALLBACK = ACTIVATION_KIND['timer-callback'];
const MS_OF_DAY = 24 * 60 * 60 * 1000;
const TIMER = /^(set(?:Timeout|Interval)) (\d+(?:\.\d+)?(?:e\+\d+)?|Infinity) ms\b/;

class TimerOverflow implements RuleRun {
  readonly #trace: Trace;
  /** By timer: where it is waited for, or the function that it called. */
  readonly #sites = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const { parent, kind, resource, site } = this.#trace.tasks;
    const callback = parent[task]!;
    if (callback >= 0 && kind[callback] === TIMER_CALLBACK) this.#note(resource[callback]!, site[task]!);
    else if (kind[task] === TIMER_CALLBACK) this.#note(resource[task]!, site[task]!);
  }

  waitEnded({ target, site }: EndedWait): void {
    this.#note(resourceOfTarget(target), site);
  }

  findings(): Finding[] {
    const bySite = new Map<number, Resource[]>();
    for (const [index, site] of this.#sites) {
      const timers = bySite.get(site);
      if (timers) timers.push(this.#trace.resources[index]!);
      else bySite.set(site, [this.#trace.resources[index]!]);
    }
    return [...bySite].slice(0, MAX_FINDINGS).map(([site, timers]) => findingOf(this.#trace, site, timers));
  }

  #note(index: number, site: number): void {
    const timer = this.#trace.resources[index];
    if (timer?.kind !== RESOURCE_KIND.timer || site < 0 || this.#sites.has(index)) return;
    if (this.#trace.processes[timer.process]!.language !== LANGUAGE.node) return;
    if (this.#sites.size >= MAX_TIMERS || !(Number(TIMER.exec(timer.name)?.[2]) > MAX_DELAY_MS)) return;
    this.#sites.set(index, site);
  }
}

/** @param timers of one place, at least one */
function findingOf(trace: Trace, site: number, timers: readonly Resource[]): Finding {
  const [{ name, beganNs, creator }] = timers as readonly [Resource, ...Resource[]];
  const [, fn = '', ms = ''] = TIMER.exec(name)!;
  const days = Number(ms) / MS_OF_DAY;
  const words: SentencePart[] = [
    `\`${fn}\` for `,
    sitePart(trace, site),
    ` was to wait ${ms} ms${Number.isFinite(days) ? ` (${days.toPrecision(3)} days)` : ''}, and Node took 1 ms instead, ` +
      'since more than 2147483647 ms do not fit',
    timers.length > 1 ? `: it came at once, ${count(timers.length, 'time')}. ` : ': it came at once. ',
    'Wait for at most that long, and set it again for what is left.',
  ];
  return {
    rule: timerOverflow.name,
    severity: 'warning',
    words,
    sites: [site],
    tasks: creator >= 0 ? [trace.rowOf(creator)] : [],
    t: timers.at(-1)!.beganNs,
    sinceNs: beganNs,
    isWrong: true,
  };
}
