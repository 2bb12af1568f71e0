/**
 * What several callers share ran in the context of the first of them: a batch that one request
 * began read that request's store of an AsyncLocalStorage, and worked for others as well. The agent
 * saw what it read, whom it woke, and that those have another store.
 *
 * Told only where the one whose context it was waited at the same line, and was woken by the same
 * run: else one who gives back a lock, or sends a message, may have woken the other. Refuted by a
 * store that is the same for all in what was read of it.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const sharedContext: Rule = {
  name: 'shared-context',
  description: 'What works for several requests ran in the context of one of them.',
  start: (trace) => new SharedContext(trace),
};

const MAX_CLIMB = 16;
const MAX_OWNERS = 10_000;
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;

/** Who had begun a task, not as its own part, and was woken by it. */
interface Owner {
  readonly task: number;
  readonly site: number;
}

/** Of one run that read. */
interface Shared {
  readonly read: Fact;
  readonly owner: Owner;
  readonly others: Fact[];
}

class SharedContext implements RuleRun {
  readonly #trace: Trace;
  /** By the task that woke them. */
  readonly #owners = new Map<number, Owner>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ waker, task, site }: EndedWait): void {
    if (waker < 0 || site < 0 || this.#owners.size >= MAX_OWNERS) return;
    const { parent, frameOf } = this.#trace.tasks;
    if (frameOf[waker] === task || this.#owners.has(waker)) return;
    for (let at = parent[waker]!, i = 0; at >= 0 && i < MAX_CLIMB; at = parent[at]!, i++)
      if (at === task) {
        this.#owners.set(waker, { task, site });
        return;
      }
  }

  findings(): Finding[] {
    const byReader = new Map<number, Shared>();
    let read: Fact | null = null;
    for (const fact of this.#trace.facts) {
      if (fact.what === FACT['context-reader']) read = fact;
      if (fact.what !== FACT['context-mixed'] || read === null || read.process !== fact.process) continue;
      const owner = this.#owners.get(read.task);
      if (fact.task < 0 || owner === undefined || owner.site !== fact.site) continue;
      const known = byReader.get(read.task);
      if (known === undefined) byReader.set(read.task, { read, owner, others: [fact] });
      else known.others.push(fact);
    }
    const bySite = new Map<string, Shared>();
    for (const shared of byReader.values()) {
      const key = `${shared.read.site} ${shared.owner.site}`;
      if (!bySite.has(key)) bySite.set(key, shared);
    }
    return [...bySite.values()].slice(0, MAX_FINDINGS).map((shared) => this.#findingOf(shared));
  }

  #findingOf({ read, owner, others }: Shared): Finding {
    const trace = this.#trace;
    const served = [...new Set(others.map(({ task }) => trace.rowOf(task)))];
    const first = trace.rowOf(owner.task);
    const { fn = '' } = trace.sites[read.site] ?? {};
    const isNamed = /^[\w$]/.test(fn) && !trace.nameOf(read.task).endsWith(fn);
    const words: SentencePart[] = [
      taskPart(trace, read.task),
      ' worked for ',
      ...taskList(trace, served),
      ' in the context of the first caller, ',
      taskPart(trace, first),
      ': all wait for it at ',
      sitePart(trace, owner.site),
      inFunction(trace, first, owner.site),
      ', and the store of the AsyncLocalStorage that it read at ',
      sitePart(trace, read.site),
      isNamed ? ` in ${fn}` : '',
      ' is that of the first. ',
      'Make what they share anew for each request, or give it with each call what it takes from the context.',
    ];
    return {
      rule: sharedContext.name,
      severity: 'warning',
      words: words.filter((part) => part !== ''),
      sites: [read.site, owner.site].filter((site) => site >= 0),
      tasks: [trace.rowOf(read.task), first, ...served].slice(0, MAX_TASKS),
      t: others.at(-1)!.t,
      sinceNs: trace.tasks.beganNs[read.task]!,
      isWrong: true,
      events: [read, ...others].map(({ event }) => event),
    };
  }
}
