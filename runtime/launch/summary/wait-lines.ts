/** Waits that nothing has ended, the longest waits, and how much of all waiting is explained. */
import type { Finding } from '../../trace/findings/finding.ts';
import { neverSettled } from '../../trace/findings/never-settled.ts';
import { openNs } from '../../trace/model/open-waits.ts';
import { terminatedWith } from '../../trace/model/times-so-far.ts';
import { isVerdict } from '../../trace/queries/why.ts';
import type { WaitSums } from '../../trace/summaries/wait-sums.ts';
import { count, share } from '../../trace/words/duration.ts';
import { explainWait } from '../../trace/words/explain.ts';
import { plain } from '../../trace/words/sentence.ts';
import type { Wait } from '../../trace/model/wait.ts';
import type { SummaryInput } from './summary-input.ts';

const MAX_OPEN_PLACES = 4;

/** Waits that nothing has ended, without those that a finding names; one line a place. */
export function openWaitLines({ trace, spans, findings }: SummaryInput, open: readonly Wait[]): string[] {
  const saysSo = (finding: Finding): boolean => isVerdict(finding) || finding.rule === neverSettled.name;
  const named = new Set(findings.filter(saysSo).flatMap(({ tasks }) => tasks));
  const byPlace = new Map<string, Wait[]>();
  for (const wait of open) {
    if (named.has(wait.row)) continue;
    const place = `${wait.site} ${wait.awaitStack?.join()}`;
    const waits = byPlace.get(place);
    if (waits) waits.push(wait);
    else byPlace.set(place, [wait]);
  }
  const places = [...byPlace.values()];
  const lines = places.slice(0, MAX_OPEN_PLACES).map(([wait, ...others]) => {
    const alsoThere = others.length > 0 ? ` So did ${count(others.length, 'other task')} there.` : '';
    const state = terminatedWith(trace, wait!.row) ? 'Cut short' : 'Still waiting';
    return `${state}: ${plain(explainWait(trace, spans, wait!)[0]!)}${alsoThere}`;
  });
  const remaining = places.slice(MAX_OPEN_PLACES).flat().length;
  if (remaining > 0) {
    lines.push(`${count(remaining, 'more task was', 'more tasks were')} still waiting elsewhere.`);
  }
  return lines;
}

/** The longest wait that ended, in full. */
export function longestWaitLines({ trace, spans, sums }: SummaryInput, open: readonly Wait[]): string[] {
  const longestOpenNs = open.reduce((longest, wait) => Math.max(longest, openNs(trace, wait)), 0);
  return sums.longest(1).map((wait) => {
    const words = explainWait(trace, spans, wait).map(plain).join(' ');
    return `Longest wait${longestOpenNs <= wait.endNs! - wait.startNs ? '' : ' that ended'}: ${words}`;
  });
}

/**
 * How much of the waiting has a known waker and a known target; no line when nobody waited. A sum
 * over tasks, which may be many times the run, would read as a contradiction beside it.
 */
export function explainedShare(sums: WaitSums, hasOpenWaits: boolean): string[] {
  if (sums.totalNs <= 0) return [];
  return [
    `Who ended a wait is known for ${share(sums.wokenNs, sums.totalNs)} of the time that ` +
      `${count(sums.count, 'wait')}${hasOpenWaits ? ' that ended' : ''} took; ` +
      `what it was for is known for ${share(sums.namedNs, sums.totalNs)}.`,
  ];
}
