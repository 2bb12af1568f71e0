/**
 * The answer about the whole trace: the verdict, the findings, where the time went, what was not
 * seen, the longest waits, and how much of the waiting time is explained. Each finding and wait
 * carries the span that proves it.
 */
import { SITE_ROLE } from '../../../runtime/trace/format/kinds.ts';
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import { LinkedAnswers } from '../../../runtime/trace/graph/linked-answers.ts';
import { openNs, openWaitOf } from '../../../runtime/trace/model/open-waits.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import type { WhereRow } from '../../../runtime/trace/queries/answer.ts';
import { isVerdict, whyAll } from '../../../runtime/trace/queries/why.ts';
import { duration, share } from '../../../runtime/trace/words/duration.ts';
import { awaitedText, sitePart } from '../../../runtime/trace/words/parts.ts';
import type { Sentence } from '../../../runtime/trace/words/sentence.ts';
import { describeWait } from '../../../runtime/trace/words/wait.ts';
import { type Wait } from '../../../runtime/trace/model/wait.ts';
import type { FindingView, Overview, WhereView } from '../../messages.ts';
import type { Session } from '../session/session.ts';

const MAX_FINDINGS = 50;
const MAX_WAITS = 5;

/**
 * The pieces of the critical path that are followed: while the program runs, and when it is over.
 */
const MAX_LIVE_PIECES = 2000;
const MAX_PIECES = 50_000;

export function overviewOf(session: Session): Overview {
  const { trace, findings, columns: spans, waitSums: sums } = session;
  const source = { trace, spans, sums, findings, answers: new LinkedAnswers(trace), troubles: [] };
  const answer = whyAll(source, session.ended ? MAX_PIECES : MAX_LIVE_PIECES);
  const first = findings.find(isVerdict);
  return {
    verdict: trace.tasks.count === 0 && first === undefined ? [] : answer.verdict,
    severity: first?.severity ?? null,
    where: whereViews(trace, answer.where, answer.wholeNs),
    cpu: answer.cpu ? whereViews(trace, answer.cpu.rows, answer.cpu.wholeNs) : [],
    handlers: answer.handlers?.map(({ words }) => words) ?? [],
    unseen: answer.unseen,
    findings: findings.slice(0, MAX_FINDINGS).map(toFindingView),
    moreFindings: Math.max(0, findings.length - MAX_FINDINGS),
    waits: longestWaits(session).map((wait) => ({
      words: describeWait(trace, wait),
      place: { task: wait.row, atNs: wait.startNs, untilNs: wait.startNs },
    })),
    explainedShare: explainedShare(session),
  };
}

export function whereViews(trace: Trace, where: readonly WhereRow[], wholeNs: number): WhereView[] {
  if (where.length === 0 || wholeNs <= 0) return [];
  const rows = where.map((part): WhereView => {
    const at: Sentence = part.site < 0 ? [] : [sitePart(trace, part.site), ' '];
    const text = awaitedText(trace, part.site) || functionOf(trace, part.site);
    const words: Sentence = [...at, `${text}${text && ', '}${part.resource}`];
    return { time: duration(part.ns), share: share(part.ns, wholeNs), words };
  });
  return [...rows, { time: duration(wholeNs), share: share(wholeNs, wholeNs), words: ['in all'] }];
}

/** "in spin", where a function that has a name is meant; of a task it stands in the tree. */
function functionOf(trace: Trace, site: number): string {
  const info = trace.sites[site];
  if (info === undefined || info.role !== SITE_ROLE.line) return '';
  return info.fn === '' || info.fn.startsWith('<') ? '' : `in ${info.fn}`;
}

export function toFindingView(finding: Finding): FindingView {
  const { rule, severity, words, sites, tasks, t, sinceNs } = finding;
  const site = sites[0] ?? -1;
  const place = { task: tasks[0] ?? -1, atNs: sinceNs ?? t, untilNs: t, site };
  return { rule, severity, words, site, place };
}

/** The longest wait at each line of the source; waits that go on count, too. */
function longestWaits({ trace, waitSums }: Session): Wait[] {
  const longestBySite = new Map<number, Wait>();
  const waitNs = (wait: Wait): number => openNs(trace, wait);
  const compare = (wait: Wait): void => {
    const longest = longestBySite.get(wait.site);
    if (!longest || waitNs(longest) < waitNs(wait)) longestBySite.set(wait.site, wait);
  };
  for (const wait of waitSums.longest(MAX_WAITS)) compare(wait);
  for (let row = 0; row < trace.tasks.count; row++) {
    const wait = openWaitOf(trace, row);
    if (wait) compare(wait);
  }
  return [...longestBySite.values()].sort((a, b) => waitNs(b) - waitNs(a)).slice(0, MAX_WAITS);
}

function explainedShare({ waitSums }: Session): Sentence {
  const { totalNs, wokenNs, namedNs } = waitSums;
  if (totalNs <= 0) return [];
  return [
    `Who ended a wait is known for ${share(wokenNs, totalNs)} of the time that tasks waited; ` +
      `for what, for ${share(namedNs, totalNs)}.`,
  ];
}
