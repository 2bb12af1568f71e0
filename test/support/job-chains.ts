/** The attempts of a trace, and how each of them is joined with who asked for it and who heard. */
import { ACTIVATION_KIND, OUTCOMES } from '../../runtime/trace/format/kinds.ts';
import type { Trace } from '../../runtime/trace/model/trace.ts';

export interface Chain {
  readonly name: string;
  /** Who asked for the attempt; '': no record tells. */
  readonly asker: string;
  readonly outcome: string;
  /** Who heard of the job's result; '': no record tells. */
  readonly hearer: string;
  /** When the job came into its line; NaN: no record tells. */
  readonly enteredNs: number;
  readonly beganNs: number;
  /** When its result could be known to others, and was heard of; NaN: no record tells. */
  readonly doneNs: number;
  readonly heardNs: number;
}

/** In the order of their beginning. */
export function chainsOf(trace: Trace): Chain[] {
  const { tasks, links } = trace;
  const chains: Chain[] = [];
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.kind[task] !== ACTIVATION_KIND.job) continue;
    const nameOf = (index: number): string => (index < 0 ? '' : trace.text(tasks.name[index]!));
    const asked = links.submissionOf(task);
    const answer = links.answerOf(task);
    chains.push({
      name: nameOf(task),
      asker: nameOf(asked?.sender ?? -1),
      outcome: OUTCOMES[tasks.outcome[task]!]!,
      hearer: nameOf(answer?.receiver ?? -1),
      enteredNs: trace.jobs.lineOf(task)?.enteredNs ?? Number.NaN,
      beganNs: tasks.beganNs[task]!,
      doneNs: answer?.sentNs ?? Number.NaN,
      heardNs: answer?.receivedNs ?? Number.NaN,
    });
  }
  return chains;
}

export const chainLines = (trace: Trace): string[] =>
  chainsOf(trace).map(
    ({ name, asker, outcome, hearer }) =>
      `${name}: asked for by ${asker || 'nobody'}, ${outcome || 'lost'}, heard of by ${hearer || 'nobody'}`,
  );
