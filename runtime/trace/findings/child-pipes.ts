/**
 * Children that stand still because of a pipe between them and the program, which waits for them:
 * what the agent saw of the pipe while nothing happened, in words. The rules unread-pipe and
 * unended-input tell of it.
 */
import { FACT } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { lastReport } from './quiet-reports.ts';
import { describeStandstill } from './standstill.ts';

/** A child of which the agent said something while nothing happened. */
export interface QuietChild {
  readonly fact: Fact;
  /** '': the agent did not know it. */
  readonly pid: string;
  readonly fromNs: number;
  readonly t: number;
  /** What ended the quiet; null: the program goes on. */
  readonly signal: string | null;
  /** A wait of the program's that goes on meanwhile. */
  readonly wait: Wait | undefined;
}

const CHILD = /^the child process (\d*)/;

/** Those of the last report whose text matches. */
export function quietChildren(
  trace: Trace,
  gaps: QuietGaps,
  process: Process,
  text: RegExp,
): readonly QuietChild[] {
  const interrupt = interruptOf(trace, process);
  if (interrupt === null && (trace.isOver || process.endNs !== null)) return [];
  const t = interrupt?.t ?? trace.endNs;
  const gap = gaps.gapAt(process.index, t);
  if (gap === null) return [];
  const { fromNs } = gap;
  const facts = lastReport(trace, process, fromNs, t).filter(
    (fact) => fact.what === FACT['keeps-alive'] && text.test(fact.text),
  );
  const wait = openWaits(trace).find(({ row }) => trace.tasks.process[row] === process.index);
  return facts.map((fact) => {
    const [, pid = ''] = CHILD.exec(fact.text) ?? [];
    return { fact, pid, fromNs, t, signal: interrupt?.signal ?? null, wait };
  });
}

/** The rule's own part: why the child stands still, and what to do. */
export interface ChildWords {
  readonly rule: string;
  readonly why: Sentence;
  readonly mend: string;
  /** More sites, besides that of the child and of the wait. */
  readonly sites?: readonly number[];
}

/** "The child process 41, made at a.mjs:4, can write no more: …, and f waits at a.mjs:5 …" */
export function childFinding(trace: Trace, child: QuietChild, own: ChildWords): Finding {
  const { fact, pid, fromNs, t, signal, wait } = child;
  const place = fact.site >= 0 || fact.task < 0 ? fact.site : trace.tasks.site[fact.task]!;
  const words: SentencePart[] = [`The child process ${pid}`.trim()];
  if (place >= 0) words.push(', made at ', sitePart(trace, place), ',');
  words.push(...own.why);
  if (wait !== undefined)
    words.push(
      ', and ',
      taskPart(trace, wait.row),
      signal === null ? ' waits' : ' waited',
      ...describeWaitSite(trace, wait),
      ...describeTarget(trace, wait),
    );
  words.push(describeStandstill({ quietNs: t - fromNs, signal: signal ?? '' }), '.', ` ${own.mend}`);
  return {
    rule: own.rule,
    severity: signal === null ? 'warning' : 'error',
    words,
    sites: [place, wait?.site ?? -1, ...(own.sites ?? [])].filter((known) => known >= 0),
    tasks: wait === undefined ? [] : [wait.row],
    t,
    sinceNs: fromNs,
    ...(signal === null ? {} : { explainsEnd: true }),
  };
}
