/**
 * A signal was aborted, and a task that had been given it went on as before: with the same wait,
 * again and again. What should have been stopped is done to its end, for nobody.
 *
 * Refuted by anybody who looks at the signal before that: a loop that stops at its next turn, or
 * one that clears up. Also by another that listened, and may have told the task, unless a race has
 * given the task up: then nobody waits for what it does. Signals that a limit of Node's aborts
 * (`AbortSignal.timeout`) are not seen.
 */
import type { Observer } from '../fold/observer.ts';
import { FACT, GROUP_KIND } from '../format/kinds.ts';
import { State, taskOfTarget } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, siteText, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const ignoredAbort: Rule = {
  name: 'ignored-abort',
  description: 'A task went on as before after the signal it was given had been aborted.',
  start: (trace) => new IgnoredAbort(trace),
};

/** So often it waited there again. */
const MIN_WAITS = 3;
const MIN_NS = 200e6;
const MAX_OPEN = 1000;
const MAX_FINDINGS = 10;

interface Ignored {
  readonly fact: Fact;
  /** Where it waited when the signal was aborted; −1: it did not. */
  site: number;
  /** That it began there since. */
  waits: number;
  lastNs: number;
  isHeard: boolean;
}

class IgnoredAbort implements RuleRun, Observer {
  readonly #trace: Trace;
  /** How many facts were looked at. */
  #seen = 0;
  /** By the task that was given the signal. */
  readonly #open = new Map<number, Ignored>();
  readonly #over: Ignored[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ row, startNs, endNs, site }: EndedWait): void {
    this.#readFacts();
    if (this.#open.size === 0) return;
    for (const [task, ignored] of this.#open) {
      if (this.#trace.rowOf(task) !== row) continue;
      const { fact } = ignored;
      if (startNs < fact.t) ignored.site = site;
      else if (site >= 0 && site === ignored.site) {
        ignored.waits++;
        ignored.lastNs = endNs;
      }
    }
  }

  taskEnded(task: number): void {
    if (this.#open.size > 0) this.#close(task);
  }

  #readFacts(): void {
    const { facts, tasks } = this.#trace;
    for (; this.#seen < facts.length; this.#seen++) {
      const fact = facts[this.#seen]!;
      if (fact.what === FACT['abort-heard']) {
        const ignored = this.#open.get(fact.task);
        if (ignored === undefined) continue;
        ignored.isHeard = true;
        this.#close(fact.task);
      } else if (fact.what === FACT.aborted && this.#open.size < MAX_OPEN) {
        if (fact.task < 0 || tasks.state[fact.task] === State.ended) continue;
        const row = this.#trace.rowOf(fact.task);
        const site = tasks.state[row] === State.wait ? tasks.waitSite[row]! : -1;
        this.#open.set(fact.task, { fact, site, waits: 0, lastNs: fact.t, isHeard: false });
      }
    }
  }

  #close(task: number): void {
    const ignored = this.#open.get(task);
    if (ignored === undefined) return;
    this.#open.delete(task);
    if (isIgnored(ignored) && this.#over.length < MAX_OPEN) this.#over.push(ignored);
  }

  findings(): Finding[] {
    const { losses, tasks } = this.#trace;
    return [...this.#over, ...this.#open.values()]
      .filter((each) => isIgnored(each) && (each.fact.amount === 0 || this.#isGivenUp(each)))
      .filter((each) => !losses.hasAny(tasks.process[each.fact.task]!))
      .sort((a, b) => b.lastNs - b.fact.t - (a.lastNs - a.fact.t))
      .slice(0, MAX_FINDINGS)
      .map((ignored) => this.#findingOf(ignored));
  }

  /** A `Promise.race` with the task was decided by another member since. */
  #isGivenUp({ fact }: Ignored): boolean {
    for (const { kind, members, decider } of this.#trace.groups.values()) {
      if ((kind !== GROUP_KIND.race && kind !== GROUP_KIND.any) || decider === null) continue;
      const at = members.findIndex((member) => taskOfTarget(member) === fact.task);
      if (at >= 0 && at !== decider) return true;
    }
    return false;
  }

  #findingOf({ fact, site, waits, lastNs, isHeard }: Ignored): Finding {
    const trace = this.#trace;
    const { task, text, called, t } = fact;
    const endedNs = trace.tasks.endedNs[task]!;
    const untilNs = isHeard ? lastNs : Number.isNaN(endedNs) ? trace.endNs : endedNs;
    const written = siteText(trace, site);
    const of = fact.site < 0 ? [] : [' (', sitePart(trace, fact.site), ')'];
    return {
      rule: ignoredAbort.name,
      severity: 'warning',
      words: [
        taskPart(trace, task),
        ...of,
        ` went on for ${duration(untilNs - t)} after its \`${text}\` was aborted`,
        ...(called >= 0 ? [' at ', sitePart(trace, called)] : []),
        `: it waited ${count(waits, 'more time')} at `,
        sitePart(trace, site),
        `${written === '' ? '' : ` \`${written}\``}, and did not look at the signal. `,
        `Call \`${text}.throwIfAborted()\` in the loop, and hand the signal on to what it awaits.`,
      ],
      sites: [fact.site, called, site].filter((known) => known >= 0),
      tasks: [task],
      t: untilNs,
      sinceNs: t,
      isWrong: true,
      gainNs: untilNs - t,
      events: [fact.event],
    };
  }
}

const isIgnored = ({ fact, waits, lastNs }: Ignored): boolean =>
  waits >= MIN_WAITS && lastNs - fact.t >= MIN_NS;
