/**
 * Part of the rule never-awaited: a test that another test began and did not await. node:test
 * cancels it when the other ends, and tells of it without the line. A test is known by its name,
 * which the agent takes from the call: `test('adds items')`.
 */
import { ACTIVATION_KIND } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const TEST = /^(?:test|it)\(["'`]/;
/** The work of a tick or two: nobody sees the difference. */
const MIN_OUTLIVED_NS = 1e6;
const MAX_FINDINGS = 10;

export function leftSubtests(trace: Trace, rule: string): Finding[] {
  const { tasks } = trace;
  const found: Finding[] = [];
  for (let task = 0; task < tasks.count && found.length < MAX_FINDINGS; task++) {
    const by = tasks.parent[task]!;
    if (by < 0 || tasks.kind[task] !== ACTIVATION_KIND['async-function']) continue;
    if (tasks.state[by] !== State.ended || tasks.site[task]! < 0) continue;
    const isOver = tasks.state[task] === State.ended;
    const outlivedNs = (isOver ? tasks.endedNs[task]! : trace.endNs) - tasks.endedNs[by]!;
    if (outlivedNs < MIN_OUTLIVED_NS) continue;
    if (TEST.test(trace.nameOf(task)) && TEST.test(trace.nameOf(by)))
      found.push(findingOf(trace, rule, { task, by, isOver, outlivedNs }));
  }
  return found;
}

interface Subtest {
  readonly task: number;
  /** The test that began it. */
  readonly by: number;
  readonly isOver: boolean;
  readonly outlivedNs: number;
}

function findingOf(trace: Trace, rule: string, { task, by, isOver, outlivedNs }: Subtest): Finding {
  const { site, endedNs } = trace.tasks;
  const words: SentencePart[] = [
    taskPart(trace, task),
    ' (',
    sitePart(trace, site[task]!),
    ') was begun by ',
    taskPart(trace, by),
    isOver
      ? `, which ended ${duration(outlivedNs)} before it: `
      : ', which ended, and it has not ended yet: ',
    'a test that ends cancels those in it that nobody awaited. Write `await` before the call.',
  ];
  return {
    rule,
    severity: 'warning',
    words,
    sites: [site[task]!],
    tasks: [task, by],
    t: endedNs[by]!,
    sinceNs: endedNs[by]!,
    isWrong: true,
  };
}
