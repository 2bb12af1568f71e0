/**
 * Somebody waits for a pool whose answer will not come: the worker that had a call has died, and no
 * other does it again; or the thread that reads the answers has. Of Python's multiprocessing.Pool,
 * which begins another worker and goes on waiting. A worker that was ended by the pool itself, when
 * that was left, is none.
 */
import { FACT, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { PoolProcesses } from './pool-processes.ts';
import { signalName } from './signal-name.ts';
import { WaitsToTheEnd } from './waits-to-the-end.ts';

export const lostJob: Rule = {
  name: 'lost-job',
  description: 'A call of a pool was lost, and somebody waits for its answer.',
  start: (trace) => new LostJob(trace),
};

const MIN_WAIT_NS = 1e9;
/** Who asks once wants to know whether it is there. */
const MIN_ASKED = 8;

class LostJob extends PoolProcesses implements RuleRun {
  readonly #trace: Trace;
  readonly #waits: WaitsToTheEnd;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
    this.#waits = new WaitsToTheEnd(trace);
  }

  processInterrupted(process: number): void {
    this.#waits.processInterrupted(process);
  }

  findings(): Finding[] {
    const trace = this.#trace;
    return [...killedJobs(trace), ...this.#ofPools()];
  }

  #ofPools(): Finding[] {
    const trace = this.#trace;
    const unread = trace.facts.filter(({ what }) => what === FACT['results-lost']);
    if (unread.length === 0 && this.isEmpty) return [];
    return this.#waits.longerThan(MIN_WAIT_NS).flatMap((wait) => {
      const pool = resourceOfTarget(wait.target);
      const resource = trace.resources[pool];
      if (resource?.kind !== RESOURCE_KIND.pool) return [];
      const fact = unread.find(({ process }) => process === resource.process);
      if (fact !== undefined)
        return findingOf(trace, wait, describeUnread(trace, pool, fact, this.#failedOf(pool)));
      const lost = this.#lostOf(pool);
      return lost.length === 0 ? [] : findingOf(trace, wait, describeLost(trace, pool, lost), lost);
    });
  }

  /** Calls of the pool that had not ended when their process did. */
  #lostOf(pool: number): number[] {
    const { tasks } = this.#trace;
    const found: number[] = [];
    for (let task = 0; task < tasks.count; task++) {
      if (this.poolOf(task) !== pool || tasks.state[task] === State.ended) continue;
      if (hasEnded(this.#trace.processes[tasks.process[task]!]!)) found.push(task);
    }
    return found;
  }

  /** The last call of the pool that failed: its error is what could not be read. −1: none. */
  #failedOf(pool: number): number {
    const { tasks } = this.#trace;
    for (let task = tasks.count - 1; task >= 0; task--)
      if (this.poolOf(task) === pool && tasks.error[task]! >= 0) return task;
    return -1;
  }
}

/** Jobs of a job queue whose process was killed, and whose result somebody asks for after that. */
function killedJobs(trace: Trace): Finding[] {
  return trace.facts
    .filter(({ what }) => what === FACT['job-killed'])
    .flatMap(({ text, amount, t }): Finding[] => {
      const [fn = '', id = ''] = text.split('|');
      const asked = trace.facts.findLast((fact) => fact.what === FACT['job-asked'] && fact.text === id);
      if (asked === undefined || asked.t < t || asked.amount < MIN_ASKED || asked.task < 0) return [];
      const words: SentencePart[] = [
        taskPart(trace, trace.rowOf(asked.task)),
        ' asks again and again',
        ...(asked.site >= 0 ? [' at ', sitePart(trace, asked.site)] : []),
        ` for what will not come: the process that did the job \`${fn}\` was killed` +
          `${amount > 0 ? ` by ${signalName(amount)}` : ''}. Ask for its status as well, and stop when it has failed.`,
      ];
      return [
        {
          rule: lostJob.name,
          severity: 'error',
          words,
          sites: asked.site >= 0 ? [asked.site] : [],
          tasks: [trace.rowOf(asked.task)],
          t,
          explainsEnd: true,
        },
      ];
    });
}

const hasEnded = ({ endKind, wasTerminated }: Process): boolean => endKind !== 0 || wasTerminated;

function describeLost(trace: Trace, pool: number, lost: readonly number[]): SentencePart[] {
  const { endKind, signal, exitCode } = trace.processes[trace.tasks.process[lost[0]!]!]!;
  const how =
    signal !== null && signal > 0
      ? `was killed by ${signalName(signal)}`
      : endKind === 0
        ? 'died'
        : `ended${exitCode === null ? '' : ` with the exit code ${exitCode}`}`;
  return [
    ...taskList(trace, lost),
    ` ${lost.length === 1 ? 'was' : 'were'} in a worker of `,
    resourcePart(trace, pool),
    ` that ${how}`,
    ', and nobody does it again. ProcessPoolExecutor raises BrokenProcessPool instead.',
  ];
}

function describeUnread(trace: Trace, pool: number, { text }: Fact, failed: number): SentencePart[] {
  const error = failed < 0 ? '' : trace.text(trace.tasks.error[failed]!);
  const site = failed < 0 ? -1 : trace.tasks.endSite[failed]!;
  return [
    'the thread that reads the answers of ',
    resourcePart(trace, pool),
    ` ended with ${text.replace(/\.$/, '')}`,
    ...(failed < 0
      ? []
      : [
          ', when it read the error of ',
          taskPart(trace, failed),
          ` (${error.replace(/\.$/, '')}`,
          ...(site < 0 ? [] : [', ', sitePart(trace, site)]),
          ')',
        ]),
    '. An exception must be made anew from its `args`: give all to super().__init__().',
  ];
}

function findingOf(trace: Trace, wait: Wait, cause: Sentence, lost: readonly number[] = []): Finding {
  return {
    rule: lostJob.name,
    severity: 'error',
    words: [
      taskPart(trace, wait.row),
      ' waits',
      ...(wait.site >= 0 ? [' at ', sitePart(trace, wait.site)] : []),
      ' for what will not come: ',
      ...cause,
    ],
    sites: [wait.site, ...lost.map((task) => trace.tasks.site[task]!)].filter((site) => site >= 0),
    tasks: [wait.row, ...lost],
    t: wait.startNs,
    sinceNs: wait.startNs,
    explainsEnd: true,
  };
}
