/**
 * The program waited for the `exit` of a child process, went on, and only then got the rest of what
 * the child had written: that is missing in what it took for the whole. Refuted by a wait for the
 * end of the output (`close`, `end`) that came after: then it did wait for all.
 */
import { ACTIVATION_KIND, LINK_KIND, LINK_WAY } from '../format/kinds.ts';
import type { Link } from '../model/link.ts';
import type { LinkEnd } from '../model/links.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const outputAfterExit: Rule = {
  name: 'output-after-exit',
  description: 'A child process was waited for up to its exit, and its output came after that.',
  start: (trace) => new OutputAfterExit(trace),
};

const MAX_CHILDREN = 1000;
const MAX_FINDINGS = 20;

const PROMISE_CALLBACK = ACTIVATION_KIND['promise-callback'];
const EVENT_CALLBACK = ACTIVATION_KIND['event-callback'];
const WAITS_FOR = /\bonce\(.*['"`](exit|close|end)['"`]/;

interface Child {
  readonly process: number;
  readonly pid: number;
  exitNs: number;
  /** Who went on at its exit, and where that was listened to; −1: nobody did. */
  row: number;
  site: number;
  /** What came of its output since. */
  late: number;
  lastNs: number;
  dataSite: number;
  hasEnd: boolean;
}

class OutputAfterExit implements RuleRun {
  readonly #trace: Trace;
  readonly #children = new Map<string, Child>();
  /** By resource, of its end and of its output. */
  readonly #byResource = new Map<number, { readonly child: Child; readonly isOutput: boolean }>();
  /** By process: the child that ended last. */
  readonly #last = new Map<number, Child>();
  /** Callbacks that go on or have ended a wait, with what they listened to. */
  readonly #callbacks = new Map<number, { readonly child: Child; readonly isExit: boolean }>();
  /** By process: the child whose output came last. */
  readonly #read = new Map<number, Child>();
  /** A listener for an exit is what ran last. */
  #called: { readonly child: Child; readonly site: number } | null = null;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  linkEndRead({ way, kind, t, lane, token, pid: thread, resource }: LinkEnd, _link: Link): void {
    const isOutput = kind === LINK_KIND.output;
    if (way !== LINK_WAY.receive || thread !== 0 || !(isOutput || kind === LINK_KIND.exit)) return;
    const process = this.#trace.lanes[lane]?.process ?? -1;
    const key = `${process} ${token}`;
    let child = this.#children.get(key);
    if (child === undefined) {
      if (this.#children.size >= MAX_CHILDREN) return;
      child = {
        ...{ process, pid: token, exitNs: Number.POSITIVE_INFINITY, row: -1, site: -1 },
        ...{ late: 0, lastNs: 0, dataSite: -1, hasEnd: false },
      };
      this.#children.set(key, child);
    }
    if (!this.#byResource.has(resource)) this.#byResource.set(resource, { child, isOutput });
    if (isOutput) this.#read.set(process, child);
    if (isOutput || child.exitNs < t) return;
    child.exitNs = t;
    this.#last.set(process, child);
  }

  taskBegan(task: number, t: number): void {
    if (this.#last.size === 0) return;
    const { kind, resource } = this.#trace.tasks;
    const called = this.#called;
    this.#called = null;
    // What a listener for the exit resolved goes on next.
    if (called !== null && kind[task] === PROMISE_CALLBACK)
      this.#note(called.child, true, { row: this.#trace.rowOf(task), site: called.site, endNs: t });
    const of = kind[task] === EVENT_CALLBACK ? this.#byResource.get(resource[task]!) : undefined;
    // Lines come from what Node itself reads.
    const read = this.#read.get(this.#trace.tasks.process[task]!);
    if (of === undefined && read !== undefined && this.#trace.nameOf(task).includes("'line'"))
      return this.#noteLate(read, task, t);
    if (of === undefined) return;
    const { child, isOutput } = of;
    const name = this.#trace.nameOf(task);
    if (/'(?:close|end)'/.test(name)) this.#callbacks.set(task, { child, isExit: false });
    else if (!isOutput && name.includes("'exit'")) {
      this.#callbacks.set(task, { child, isExit: true });
      this.#called = { child, site: this.#trace.tasks.site[task]! };
    } else if (isOutput && /'(?:data|line)'/.test(name)) this.#noteLate(child, task, t);
  }

  #noteLate(child: Child, task: number, t: number): void {
    if (child.row < 0 || t <= child.exitNs) return;
    child.late++;
    // What was waited for before was not the end.
    child.hasEnd = false;
    child.lastNs = t;
    child.dataSite = this.#trace.tasks.site[task]!;
  }

  waitEnded({ row, site, waker, startNs, endNs }: EndedWait): void {
    if (this.#last.size === 0) return;
    this.#called = null;
    const called = waker < 0 ? undefined : this.#callbacks.get(waker);
    if (called !== undefined)
      return this.#note(called.child, called.isExit, { row, site: this.#trace.tasks.site[waker]!, endNs });
    const event = site < 0 ? undefined : WAITS_FOR.exec(this.#trace.sites[site]!.text)?.[1];
    const child = this.#last.get(this.#trace.tasks.process[row]!);
    if (event !== undefined && child !== undefined)
      return this.#note(child, event === 'exit', { row, site, endNs });
    // Node itself called the resolver.
    const heard = waker < 0 ? this.#trace.links.heard.wakeOf(row, startNs, endNs) : undefined;
    const of = heard === undefined ? undefined : this.#byResource.get(heard.resource);
    if (of !== undefined) this.#note(of.child, !of.isOutput, { row, site, endNs });
  }

  #note(
    child: Child,
    isExit: boolean,
    { row, site, endNs }: { row: number; site: number; endNs: number },
  ): void {
    if (!isExit) child.hasEnd = true;
    else if (child.row < 0 && endNs >= child.exitNs) {
      child.row = row;
      child.site = site;
    }
  }

  findings(): Finding[] {
    return [...this.#children.values()]
      .filter(({ row, late, hasEnd }) => row >= 0 && late > 0 && !hasEnd)
      .slice(0, MAX_FINDINGS)
      .map((child) => this.#findingOf(child));
  }

  #findingOf({ pid, row, site, exitNs, late, lastNs, dataSite }: Child): Finding {
    const trace = this.#trace;
    return {
      rule: outputAfterExit.name,
      severity: 'warning',
      words: [
        taskPart(trace, row),
        ` went on at the 'exit' of the child process ${pid} (`,
        sitePart(trace, site),
        `), and its output went on for ${duration(lastNs - exitNs)} after that: ` +
          `${count(late, 'piece')} came too late (`,
        sitePart(trace, dataSite),
        "). Wait for 'close': it comes when the output has ended, too.",
      ],
      sites: [...new Set([site, dataSite])].filter((known) => known >= 0),
      tasks: [row],
      t: lastNs,
      sinceNs: exitNs,
      isWrong: true,
    };
  }
}
