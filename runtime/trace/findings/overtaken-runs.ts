/**
 * Runs of one function that were begun while another of it went on, and failed, though that one
 * ended well: what they do can be done once, as with a token that buys the next one. Only calls
 * without an argument count, since those ask for the same; and of the function by its own name, for
 * what a caller was given may have its arguments in it. Refuted by runs that are independent of
 * each other and fail for a reason of their own.
 */
import { ACTIVATION_KIND, OUTCOME } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, RuleRun } from './finding.ts';

const MAX_FAILED = 1000;
const MAX_FUNCTIONS = 10_000;
const MAX_FINDINGS = 10;
/** A call without an argument, by the last name in front of it. */
const NO_ARGUMENT = /(?:^|[.\s])(#?[\p{L}_$][\p{L}\p{N}_$]*)\(\)$/u;

/** Runs of one function from when one began to when none goes on. */
interface Turn {
  open: number;
  /** The first that ended well; −1: none yet. */
  done: number;
  readonly failed: number[];
}

/** A turn in which one ended well and others failed. */
interface Overtaken {
  readonly done: number;
  readonly tasks: readonly number[];
}

export class OvertakenRuns implements RuleRun {
  readonly #trace: Trace;
  /** By the site of the function. */
  readonly #turns = new Map<number, Turn>();
  /** By the site of the function. */
  readonly #overtaken = new Map<number, Overtaken>();
  /** By failed runs: where somebody awaited it. */
  readonly #awaitedAt = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const { kind, site } = this.#trace.tasks;
    if (kind[task] !== ACTIVATION_KIND['async-function'] || site[task]! < 0) return;
    const turn = this.#turns.get(site[task]!);
    if (turn !== undefined) turn.open++;
    else if (this.#turns.size < MAX_FUNCTIONS)
      this.#turns.set(site[task]!, { open: 1, done: -1, failed: [] });
  }

  taskEnded(task: number): void {
    const { kind, site, outcome } = this.#trace.tasks;
    const turn = kind[task] === ACTIVATION_KIND['async-function'] ? this.#turns.get(site[task]!) : undefined;
    if (turn === undefined) return;
    if (outcome[task] === OUTCOME.ok && turn.done < 0) turn.done = task;
    if (outcome[task] === OUTCOME.error && turn.failed.length < MAX_FAILED) {
      turn.failed.push(task);
      if (this.#awaitedAt.size < MAX_FAILED) this.#awaitedAt.set(task, this.#awaitOf(task));
    }
    if (--turn.open > 0) return;
    this.#turns.delete(site[task]!);
    const tasks = this.#overtakenOf(turn);
    if (tasks.length > 0 && !this.#overtaken.has(site[task]!))
      this.#overtaken.set(site[task]!, { done: turn.done, tasks });
  }

  /** Where whoever began it waits for it; −1: nowhere. */
  #awaitOf(task: number): number {
    const { frameOf, parent, state, waitSite } = this.#trace.tasks;
    const by = parent[task]!;
    return by >= 0 && (frameOf[task] === by || state[by] === State.wait) ? waitSite[by]! : -1;
  }

  findings(): Finding[] {
    const findings: Finding[] = [];
    for (const overtaken of this.#overtaken.values()) {
      const site = this.#awaitedAt.get(overtaken.tasks[0]!) ?? -1;
      const text = this.#trace.sites[site]?.text ?? '';
      if (this.#isOf(overtaken.done, text) && findings.length < MAX_FINDINGS)
        findings.push(this.#findingOf(overtaken, site, text));
    }
    return findings;
  }

  /** Whether the text calls the function of the task by its name, and gives it nothing. */
  #isOf(task: number, text: string): boolean {
    const called = NO_ARGUMENT.exec(text)?.[1];
    return called !== undefined && this.#trace.nameOf(task).split('.').at(-1) === called;
  }

  /** The failed ones that began while the one that ended well went on. */
  #overtakenOf({ done, failed }: Turn): readonly number[] {
    const { beganNs, endedNs } = this.#trace.tasks;
    return done < 0
      ? []
      : failed.filter((task) => beganNs[task]! > beganNs[done]! && beganNs[task]! < endedNs[done]!);
  }

  #findingOf({ done, tasks }: Overtaken, site: number, text: string): Finding {
    const trace = this.#trace;
    const { beganNs, endedNs, error } = trace.tasks;
    const errors = new Set(tasks.map((task) => (error[task]! < 0 ? '' : trace.text(error[task]!))));
    const [why = ''] = errors.size === 1 ? errors : [];
    const words: SentencePart[] = [
      `\`${text}\` at `,
      sitePart(trace, site),
      ` was called ${count(tasks.length, 'more time')} while `,
      taskPart(trace, done),
      ` went on: that one ended well, and ${tasks.length === 1 ? 'the other' : 'the others'} failed`,
      why === '' ? '' : ` (${why})`,
      '. Whoever comes while one goes on should wait for its promise.',
    ];
    return {
      rule: 'made-twice',
      severity: 'warning',
      words: words.filter((part) => part !== ''),
      sites: [site],
      tasks: [done, ...tasks],
      t: endedNs[tasks[0]!]!,
      sinceNs: beganNs[done]!,
      isWrong: true,
    };
  }
}
