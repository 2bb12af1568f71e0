/**
 * `return promise` within a `try`: the function is left before the promise fails, so its `catch`
 * never sees the error. Found where it did fail.
 */
import { FACT, OUTCOME, PROCESS_END, SITE_NOTE, numberSet } from '../format/kinds.ts';
import { taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const ENDS = numberSet(FACT, 'unhandled', 'uncaught');
const MAX_FINDINGS = 20;

interface Place {
  /** The function that returned, and what it called. */
  readonly task: number;
  readonly callee: number;
  readonly t: number;
  count: number;
}

export class ReturnedInTry {
  readonly #trace: Trace;
  /** By the site of the `return`. */
  readonly #places = new Map<number, Place>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskEnded(task: number, t: number): void {
    const { tasks, sites } = this.#trace;
    if (tasks.outcome[task] !== OUTCOME.error) return;
    const site = tasks.waitSite[task]!;
    if (site < 0 || sites[site]!.note !== SITE_NOTE['in-try']) return;
    const callee = taskOfTarget(tasks.target[task]!);
    if (callee >= 0 && tasks.outcome[callee] !== OUTCOME.error) return;
    const place = this.#places.get(site);
    if (place !== undefined) place.count++;
    else if (this.#places.size < MAX_FINDINGS) this.#places.set(site, { task, callee, t, count: 1 });
  }

  findings(rule: string): Finding[] {
    return [...this.#places].map(([site, place]) => this.#findingOf(rule, site, place));
  }

  #findingOf(rule: string, site: number, { task, callee, t, count: times }: Place): Finding {
    const trace = this.#trace;
    const { error, chain } = this.#errorOf(task);
    const process = trace.processes[trace.tasks.process[task]!]!;
    const isEnd =
      process.endKind === PROCESS_END.uncaught &&
      trace.facts.some(({ what, text }) => ENDS.has(what) && error >= 0 && text === trace.text(error));
    const words: SentencePart[] = [taskPart(trace, task), ' returned '];
    words.push(callee >= 0 ? `the promise of ${trace.nameOf(callee)}` : `\`${trace.sites[site]!.text}\``);
    words.push(' at ', sitePart(trace, site), ' without an `await`, so its `catch` did not see ');
    words.push(error < 0 ? 'the error' : trace.text(error));
    if (times > 1) words.push(`, ${count(times, 'time')}`);
    words.push('. Write `return await`.');
    const rows = [
      ...new Set([...chain, callee].filter((each) => each >= 0).map((each) => trace.rowOf(each))),
    ];
    return {
      rule,
      severity: isEnd ? 'error' : 'warning',
      words,
      sites: [site],
      tasks: rows,
      t,
      explainsEnd: isEnd,
    };
  }

  /** The error's text is known of the task that was asked for it last. */
  #errorOf(task: number): { readonly error: number; readonly chain: readonly number[] } {
    const { error, frameOf } = this.#trace.tasks;
    const chain: number[] = [];
    for (let at = task; at >= 0 && chain.length < 32; at = frameOf[at]!) {
      chain.push(at);
      if (error[at]! >= 0) return { error: error[at]!, chain };
    }
    return { error: -1, chain };
  }
}
