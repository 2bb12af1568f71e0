/**
 * The process came to its own end while tasks still waited: nobody was left to wake them.
 * Told once for each place where they waited. A killed process leaves waits behind
 * that prove nothing, so only an end that the process itself recorded counts.
 */
import { PROCESS_ENDS, numberOf } from '../format/kinds.ts';
import { State } from '../fold/observer.ts';
import type { Trace } from '../fold/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import { whatFor } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { waitsForItemOf } from './starved-consumers.ts';

const RAN_DRY = numberOf(PROCESS_ENDS, 'exit');

function find(trace: Trace): Finding[] {
  const { tasks } = trace;
  const byPlace = new Map<string, number[]>();
  for (let i = 0; i < tasks.count; i++) {
    if (tasks.frameOf[i]! >= 0 || tasks.rowState[i] !== State.wait) continue;
    // Why no item came, starved-consumers says.
    if (waitsForItemOf(trace, i) >= 0) continue;
    const process = trace.processes[tasks.process[i]!]!;
    if (process.how !== RAN_DRY) continue;
    const leaf = tasks.leaf[i]!;
    const key = `${process.index} ${tasks.waitSite[leaf]}`;
    const at = byPlace.get(key);
    if (at) at.push(i);
    else byPlace.set(key, [i]);
  }
  return [...byPlace.values()].map((rows): Finding => {
    const leaf = tasks.leaf[rows[0]!]!;
    const site = tasks.waitSite[leaf]!;
    const words: Part[] =
      rows.length === 1
        ? [taskPart(trace, rows[0]!), ' was still waiting']
        : [`${count(rows.length, 'task')} (`, taskPart(trace, rows[0]!), ', …) were still waiting'];
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    words.push(
      ...whatFor(trace, { reason: tasks.reason[leaf]!, target: tasks.target[leaf]!, site }),
      ' when the program ended: nothing was left that could wake ',
      rows.length === 1 ? 'it.' : 'them.',
    );
    return {
      rule: neverEnded.name,
      severity: 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: rows.slice(0, 100),
      t: trace.endNs,
    };
  });
}

export const neverEnded: Rule = {
  name: 'never-ended',
  says: 'Tasks were still waiting when the program came to its end.',
  start: (trace): RuleRun => ({ findings: () => find(trace) }),
};
