/**
 * A child process that can write no more: its output goes into a pipe that nobody in the program
 * reads, and the program waits for the child. The agent looked while nothing happened: what had
 * come filled the stream, and no one was listening to it.
 *
 * Refuted by a reader that comes later: then the child goes on.
 */
import { FACT, LANGUAGE } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { lastReport } from './quiet-reports.ts';
import { describeStandstill } from './standstill.ts';

export const unreadPipe: Rule = {
  name: 'unread-pipe',
  description: 'A child process stood still, for nobody read what it wrote.',
  start: (trace, gaps): RuleRun => ({
    findings: () => trace.processes.flatMap((process) => findingsOf(trace, gaps, process)),
  }),
};

const UNREAD = /^the child process (\d*) with a full (.*) that nobody reads/;
export const isUnread = ({ text }: Pick<Fact, 'text'>): boolean => UNREAD.test(text);

function findingsOf(trace: Trace, gaps: QuietGaps, process: Process): Finding[] {
  const interrupt = interruptOf(trace, process);
  if (interrupt === null && (trace.isOver || process.endNs !== null)) return [];
  const t = interrupt?.t ?? trace.endNs;
  const gap = gaps.gapAt(process.index, t);
  if (gap === null) return [];
  return lastReport(trace, process, gap.fromNs, t)
    .filter((fact) => fact.what === FACT['keeps-alive'] && isUnread(fact))
    .map((fact) => findingOf(trace, fact, { fromNs: gap.fromNs, t, signal: interrupt?.signal ?? null }));
}

interface Quiet {
  readonly fromNs: number;
  readonly t: number;
  /** Null: the program goes on. */
  readonly signal: string | null;
}

function findingOf(trace: Trace, { text, site, task, process }: Fact, { fromNs, t, signal }: Quiet): Finding {
  const [, pid = '', what = ''] = UNREAD.exec(text)!;
  const place = site >= 0 || task < 0 ? site : trace.tasks.site[task]!;
  const wait = openWaits(trace).find(({ row }) => trace.tasks.process[row] === process);
  const words: SentencePart[] = [`The child process ${pid}`.trim()];
  if (place >= 0) words.push(', made at ', sitePart(trace, place), ',');
  words.push(` can write no more: nobody reads its ${what}`);
  if (wait !== undefined)
    words.push(
      ', and ',
      taskPart(trace, wait.row),
      signal === null ? ' waits' : ' waited',
      ...describeWaitSite(trace, wait),
      ...describeTarget(trace, wait),
    );
  words.push(
    describeStandstill({ quietNs: t - fromNs, signal: signal ?? '' }),
    '.',
    trace.processes[process]!.language === LANGUAGE.python
      ? ' `communicate()` reads it and waits for the child.'
      : " Read it, or give the child `stdio: 'ignore'` or `'inherit'`.",
  );
  return {
    rule: unreadPipe.name,
    severity: signal === null ? 'warning' : 'error',
    words,
    sites: [place, wait?.site ?? -1].filter((known) => known >= 0),
    tasks: wait === undefined ? [] : [wait.row],
    t,
    sinceNs: fromNs,
    ...(signal === null ? {} : { explainsEnd: true }),
  };
}
