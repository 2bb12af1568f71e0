/**
 * What the *Why* tab lists of the whole trace: what was found, the longest waits, and how much of the waiting is
 * explained. Each entry carries the place of the picture that proves it.
 */
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import { duration, share } from '../../runtime/trace/words/duration.ts';
import { openNs, openWaitOf } from '../../runtime/trace/model/open-waits.ts';
import type { Sentence } from '../../runtime/trace/words/sentence.ts';
import { describeWait } from '../../runtime/trace/words/wait.ts';
import { type Wait } from '../../runtime/trace/model/wait.ts';
import type { FindingView, Overview } from '../messages.ts';
import type { Session } from './session.ts';

const MAX_FINDINGS = 50;
const MAX_WAITS = 5;

export function overview(session: Session): Overview {
  const { trace, findings } = session;
  return {
    findings: findings.slice(0, MAX_FINDINGS).map(findingView),
    more: Math.max(0, findings.length - MAX_FINDINGS),
    waits: longestWaits(session).map((wait) => ({
      words: describeWait(trace, wait),
      place: { task: wait.row, t: wait.startNs },
    })),
    explained: explained(session),
  };
}

export function findingView(finding: Finding): FindingView {
  const { rule, severity, words, sites, tasks, t, sinceNs } = finding;
  return { rule, severity, words, site: sites[0] ?? -1, place: { task: tasks[0] ?? -1, t: sinceNs ?? t } };
}

/** The longest wait at each line, those that go on included. */
function longestWaits({ trace, sums }: Session): Wait[] {
  const bySite = new Map<number, Wait>();
  const ns = (wait: Wait): number => openNs(trace, wait);
  const take = (wait: Wait): void => {
    const known = bySite.get(wait.site);
    if (!known || ns(known) < ns(wait)) bySite.set(wait.site, wait);
  };
  for (const wait of sums.longest(MAX_WAITS)) take(wait);
  for (let row = 0; row < trace.tasks.count; row++) {
    const wait = openWaitOf(trace, row);
    if (wait) take(wait);
  }
  return [...bySite.values()].sort((a, b) => ns(b) - ns(a)).slice(0, MAX_WAITS);
}

function explained({ sums }: Session): Sentence {
  if (sums.totalNs <= 0) return [];
  return [
    `Who ended a wait is known for ${share(sums.wokenNs, sums.totalNs)} of the ${duration(sums.totalNs)} ` +
      `that were waited in all; for what, for ${share(sums.namedNs, sums.totalNs)}.`,
  ];
}
