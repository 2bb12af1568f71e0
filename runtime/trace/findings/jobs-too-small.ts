/**
 * A pool of processes was given many calls so small that sending them took longer than doing them:
 * one process alone would have been done sooner. What the calls ran is recorded by the workers,
 * what it took by whoever gave them; under trace each costs a few microseconds more.
 */
import type { Observer, ResourceUse } from '../fold/observer.ts';
import { LANGUAGE, RESOURCE_KIND, USE } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { grouped } from '../format/grouped.ts';
import { duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { PoolProcesses } from './pool-processes.ts';
import { sentWithEach } from './sent-with-each.ts';

export const jobsTooSmall: Rule = {
  name: 'jobs-too-small',
  description: 'Sending the calls of a pool of processes took longer than doing them.',
  start: (trace) => new JobsTooSmall(trace),
};

const MIN_CALLS = 100;
const MAX_MEAN_NS = 1e6;
const MIN_ELAPSED_NS = 100e6;
/** What the calls ran, of the time that it took to have them done. */
const MAX_SHARE = 0.5;

interface Asked {
  readonly firstNs: number;
  readonly site: number;
}

class JobsTooSmall extends PoolProcesses implements RuleRun, Observer {
  readonly #trace: Trace;
  /** By pool: when it was first asked, and where. */
  readonly #asked = new Map<number, Asked>();

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  resourceUsed({ useKind, resource, site, t }: ResourceUse): void {
    if (useKind !== USE.call || this.#asked.has(resource)) return;
    const { kind, process } = this.#trace.resources[resource]!;
    if (kind !== RESOURCE_KIND.pool || this.#trace.processes[process]!.language !== LANGUAGE.python) return;
    this.#asked.set(resource, { firstNs: t, site });
  }

  findings(): Finding[] {
    if (this.isEmpty) return [];
    const { tasks } = this.#trace;
    const large = sentWithEach(this.#trace, jobsTooSmall.name, (name) => this.#ranNs(name));
    if (large.length > 0) return large;
    const work = new Map<number, { calls: number; ranNs: number; lastNs: number; task: number }>();
    for (let task = 0; task < tasks.count; task++) {
      const pool = this.poolOf(task);
      if (pool < 0 || !(tasks.endedNs[task]! > 0)) continue;
      let sum = work.get(pool);
      if (sum === undefined) work.set(pool, (sum = { calls: 0, ranNs: 0, lastNs: 0, task }));
      sum.calls++;
      sum.ranNs += tasks.endedNs[task]! - tasks.beganNs[task]!;
      sum.lastNs = Math.max(sum.lastNs, tasks.endedNs[task]!);
    }
    return [...work].flatMap(([pool, { calls, ranNs, lastNs, task }]) => {
      const asked = this.#asked.get(pool);
      if (asked === undefined || calls < MIN_CALLS || ranNs > calls * MAX_MEAN_NS) return [];
      const elapsedNs = lastNs - asked.firstNs;
      if (elapsedNs < MIN_ELAPSED_NS || ranNs > elapsedNs * MAX_SHARE) return [];
      return this.#findingOf(pool, asked, { calls, ranNs, elapsedNs, task });
    });
  }

  /** How long the calls of a function ran in the processes of pools. */
  #ranNs(name: string): number {
    const { tasks } = this.#trace;
    let ranNs = 0;
    for (let task = 0; task < tasks.count; task++)
      if (this.poolOf(task) >= 0 && tasks.endedNs[task]! > 0 && this.#trace.nameOf(task) === name)
        ranNs += tasks.endedNs[task]! - tasks.beganNs[task]!;
    return ranNs;
  }

  #findingOf(
    pool: number,
    { site, firstNs }: Asked,
    { calls, ranNs, elapsedNs, task }: { calls: number; ranNs: number; elapsedNs: number; task: number },
  ): Finding {
    const trace = this.#trace;
    const words: SentencePart[] = [
      `${grouped(calls)} calls of \`${trace.nameOf(task)}\``,
      ...(site >= 0 ? [' (', sitePart(trace, site), ')'] : []),
      ` ran for ${duration(ranNs)} in all, and to send them to the processes of `,
      resourcePart(trace, pool),
      ` and back took ${duration(elapsedNs)}. Without a pool it would be done sooner; or give each call more to do.`,
    ];
    return {
      rule: jobsTooSmall.name,
      severity: 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: [task],
      t: firstNs + elapsedNs,
      sinceNs: firstNs,
      gainNs: elapsedNs - ranNs,
    };
  }
}
