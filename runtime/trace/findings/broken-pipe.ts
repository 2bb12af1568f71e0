/**
 * A stream that `pipe` left open for ever, since its source failed: `pipe` passes no error on and
 * ends nothing for one. The agent looked at the streams when the process ended or did nothing.
 *
 * It is refuted by code that ends or destroys the target when its source fails: the agent then
 * finds it ended.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { describeTarget } from '../words/wait.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { openWaitsAt } from './open-waits-at.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { describeStandstill, type Standstill, standstillOf } from './standstill.ts';

export const brokenPipe: Rule = {
  name: 'broken-pipe',
  description: 'A stream stays open for ever, since what was piped into it failed.',
  start: (trace, gaps): RuleRun => ({
    findings: () => trace.processes.flatMap((process) => findingsOf(trace, gaps, process)),
  }),
};

const MAX_FINDINGS = 10;
/** Between what the agent said when it looked at the streams last, and the end. */
const SAME_MOMENT_NS = 100e6;

/** What was still left open when nothing more happened. */
function leftOpen(trace: Trace, process: Process, standstill: Standstill): readonly Fact[] {
  const { endNs, index } = process;
  const t = endNs ?? trace.endNs;
  const fromNs = t - standstill.quietNs - SAME_MOMENT_NS;
  const facts = trace.facts.filter(
    (fact) => fact.what === FACT['broken-pipe'] && fact.process === index && fact.t >= fromNs,
  );
  const last = facts.at(-1)?.t ?? 0;
  return facts.filter((fact) => last - fact.t < SAME_MOMENT_NS);
}

/** "GET /a": the requests whose answers are left open. */
export function requestsOfBrokenPipes(trace: Trace, gaps: QuietGaps, process: Process): ReadonlySet<string> {
  const standstill = standstillOf(trace, gaps, process);
  const facts = standstill === null ? [] : leftOpen(trace, process, standstill);
  return new Set(facts.map(({ text }) => partsOf(text).request));
}

function findingsOf(trace: Trace, gaps: QuietGaps, process: Process): Finding[] {
  const standstill = standstillOf(trace, gaps, process);
  if (standstill === null) return [];
  const facts = leftOpen(trace, process, standstill);
  const bySite = new Map(facts.map((fact) => [fact.site, fact]));
  return [...bySite.values()].slice(0, MAX_FINDINGS).map((fact) => {
    const { source, target, request, error } = partsOf(fact.text);
    const waits = fact.called < 0 ? [] : openWaitsAt(trace, fact.called);
    const [wait] = waits;
    const isWaitedFor = wait !== undefined || request !== '';
    const words: SentencePart[] = [
      `The ${source} piped at `,
      sitePart(trace, fact.site),
      ` failed (${error}), and pipe() ends nothing for an error: the ${target}`,
      request === '' ? '' : ` that answers ${request}`,
      standstill.isOver ? ' stayed open' : ' stays open',
      ...(wait === undefined
        ? []
        : [
            ', and ',
            taskPart(trace, wait.row),
            standstill.isOver ? ' waited at ' : ' waits at ',
            sitePart(trace, wait.site),
            ...describeTarget(trace, wait),
          ]),
      `${isWaitedFor ? describeStandstill(standstill) : ''}. `,
      'Use pipeline(), which ends them all and tells the error.',
    ];
    return {
      rule: brokenPipe.name,
      severity: isWaitedFor ? 'error' : 'warning',
      words: words.filter((part) => part !== ''),
      sites: [fact.site],
      tasks: waits.map(({ row }) => row),
      t: fact.t,
      explainsEnd: isWaitedFor,
    };
  });
}

function partsOf(text: string): { source: string; target: string; request: string; error: string } {
  const [source = '', target = '', request = '', ...error] = text.split('|');
  return { source, target, request, error: error.join('|') };
}
