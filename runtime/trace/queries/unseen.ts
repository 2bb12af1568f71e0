/** What an answer does not know, and why: one sentence each, the gravest first. */
import { AGENT_NOTICE } from '../format/kinds.ts';
import { count, share } from '../words/duration.ts';
import { describeKept } from '../words/kept.ts';
import { plain } from '../words/sentence.ts';
import { lostRecords } from '../findings/lost-records.ts';
import type { AnswerSource } from './query-source.ts';

const MAX_NOTICES = 5;
/** Waits of which nobody is known as waker are told from this share on. */
const MIN_UNEXPLAINED = 0.05;

export function unseenOf({ trace, findings, sums, troubles }: AnswerSource): string[] {
  const lost = findings.filter(({ rule }) => rule === lostRecords.name).map(({ words }) => plain(words));
  const kept = describeKept(trace);
  const notices = trace.processes.flatMap((process) => process.notices);
  const said = (kind: number): string[] =>
    notices
      .filter((notice) => notice.kind === kind)
      .slice(0, MAX_NOTICES)
      .map(({ text, count: times }) => (times > 1 ? `${text} (${times} times)` : text));
  const unexplainedNs = sums.totalNs - sums.wokenNs;
  const isUnexplained = unexplainedNs > sums.totalNs * MIN_UNEXPLAINED;
  return [
    ...troubles.map((words) => `Damaged: ${words}.`),
    ...lost,
    ...(kept === null ? [] : [kept]),
    ...said(AGENT_NOTICE.off).map((words) => `A process was not traced: ${words}.`),
    ...said(AGENT_NOTICE.fault).map((words) => `The instrument switched itself off: ${words}.`),
    ...said(AGENT_NOTICE.unseen).map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`),
    ...(isUnexplained
      ? [
          `Who ended a wait is not known for ${share(unexplainedNs, sums.totalNs)} of the ` +
            `time that ${count(sums.count, 'wait')} took.`,
        ]
      : []),
  ];
}
