/**
 * What the program was asked for and never answered: a request that its own server received, with
 * the function that ran last for it; and a stream's callback (missing-callbacks.ts). The agent says
 * it at the process's end, when nobody will answer any more, and while nothing happens: that counts
 * where somebody then interrupted the process.
 *
 * It is refuted by an answer: one that was begun is not told by the agent. Nor does a client that
 * went while the program worked for it need one (left-clients.ts). Which function ran last
 * is known by what it did to the request; code that touched neither request nor answer may have run
 * after it.
 */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { SentencePart } from '../words/sentence.ts';
import { requestsOfBrokenPipes } from './broken-pipe.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import { failedHandlerOf } from './failed-handlers.ts';
import { requestsOfLeftClients } from './left-clients.ts';
import { missingCallbacks } from './missing-callbacks.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { lastReport } from './quiet-reports.ts';
import { wentOn } from './standstill.ts';

export const neverAnswered: Rule = {
  name: 'never-answered',
  description: 'A request to a server of the program was never answered, or a stream never called back.',
  start: (trace, gaps): RuleRun => ({
    findings: () =>
      trace.processes.flatMap((process) => [
        ...findingsOf(trace, gaps, process),
        ...missingCallbacks(trace, gaps, process).map((finding) => ({
          ...finding,
          rule: neverAnswered.name,
        })),
      ]),
  }),
};

const MAX_FINDINGS = 10;

function findingsOf(trace: Trace, gaps: QuietGaps, process: Process): Finding[] {
  const facts = trace.facts.filter(
    ({ what, process: of }) => what === FACT['never-answered'] && of === process.index,
  );
  if (facts.length === 0) return [];
  const interrupt = interruptOf(trace, process);
  const gap = interrupt === null ? null : gaps.gapAt(process.index, interrupt.t);
  const hasEnded = process.endNs !== null && process.endKind !== PROCESS_END.signal;
  const last = facts.at(-1)!.t;
  // All that is said at one moment; at the end the agent said it just before its last record.
  const report = gap === null ? [] : lastReport(trace, process, gap.fromNs, interrupt!.t);
  const told = hasEnded
    ? facts.filter(({ t }) => last - t < SAME_MOMENT_NS)
    : report.filter(({ what }) => what === FACT['never-answered']);
  if (hasEnded && (process.endNs! - last > SAME_MOMENT_NS || wentOn(trace, process.index, last))) return [];
  const closing = new Set(report.map(({ text }) => text));
  const byRequest = new Map<string, Fact[]>();
  // That rule names what failed.
  const ofBrokenPipes = requestsOfBrokenPipes(trace, gaps, process);
  const ofLeftClients = requestsOfLeftClients(trace);
  for (const fact of told) {
    if (ofBrokenPipes.has(fact.text) || ofLeftClients.has(fact)) continue;
    const key = `${fact.text} ${fact.site} ${fact.amount}`;
    const same = byRequest.get(key);
    if (same) same.push(fact);
    else byRequest.set(key, [fact]);
  }
  return [...byRequest.values()].slice(0, MAX_FINDINGS).flatMap((same) => {
    // The rule kept-alive says which close() waits for it.
    const explainsEnd = gap !== null && !closing.has(`${same[0]!.text} to a closing server`);
    const finding = findingOf(trace, same, explainsEnd);
    // There was nobody to answer: what counts is that something still waits for the rest.
    return HALF_RECEIVED.test(same[0]!.text) && finding.tasks.length === 0 ? [] : finding;
  });
}

/** As the agent says it of a request whose client went before all of it had come. */
const HALF_RECEIVED = / \(half received\)$/;

/** The site stands in the function that begins at `first`. */
function isWithin(trace: Trace, site: number, first: number, lastLine: number): boolean {
  const [at, from] = [trace.sites[site], trace.sites[first]];
  return at?.file === from?.file && at!.line >= from!.line && at!.line <= lastLine;
}

/** A run of the function that begins at this line began the row, or what began that. */
function isBegunBy({ tasks, sites }: Trace, row: number, site: number): boolean {
  const first = sites[site];
  let at = tasks.parent[row]!;
  for (let i = 0; at >= 0 && i < MAX_ANCESTORS; i++, at = tasks.parent[at]!) {
    const fn = sites[tasks.site[at]!];
    if (fn !== undefined && fn.file === first?.file && fn.line === first.line) return true;
  }
  return false;
}

const MAX_ANCESTORS = 50;
const SAME_MOMENT_NS = 100e6;

/** @param facts of one path, at least one */
function findingOf(trace: Trace, facts: readonly Fact[], explainsEnd: boolean): Finding {
  const { text, site, amount: lastLine, t } = facts[0]!;
  const requests = facts.length;
  const line = trace.sites[site]?.line ?? 0;
  const waiting: Wait[] = [];
  const words: SentencePart[] = [requests > 1 ? `${count(requests, 'request')} ${text} were` : `${text} was`];
  words.push(' never answered: ');
  const failed = failedHandlerOf(trace, facts[0]!);
  if (failed !== null) {
    words.push(taskPart(trace, failed.row), ' (', sitePart(trace, trace.tasks.site[failed.row]!));
    words.push(`) failed (${failed.error}`);
    if (failed.site >= 0) words.push(', thrown at ', sitePart(trace, failed.site));
    words.push('), and nobody handled that. Answer it in a `catch`');
    words.push(failed.isRouted ? ', or hand it on with `next(error)`.' : '.');
  } else if (lastLine >= line && lastLine > 0) {
    words.push('the last code that ran for it is the function at ', sitePart(trace, site));
    if (lastLine > line) words.push(`–${lastLine}`);
    const open = openWaits(trace);
    const wait = open.find((each) => isWithin(trace, each.site, site, lastLine));
    const begun = wait ?? open.find(({ row }) => isBegunBy(trace, row, site));
    if (begun === undefined) words.push('. One of its ways out neither answers nor passes the request on.');
    else {
      const who = begun === wait ? ['which'] : [taskPart(trace, begun.row), ', which it began,'];
      words.push(', ', ...(begun === wait ? [] : ['and ']), ...who, ' waits');
      words.push(...describeWaitSite(trace, begun), ...describeTarget(trace, begun), '.');
      waiting.push(begun);
    }
  } else {
    words.push('it came to a server of the program');
    if (site >= 0) words.push(', listening since ', sitePart(trace, site));
    words.push('.');
  }
  return {
    rule: neverAnswered.name,
    severity: 'error',
    words,
    sites: [
      ...(failed === null ? [] : [trace.tasks.site[failed.row]!, failed.site]),
      site,
      ...waiting.map((wait) => wait.site),
    ].filter((known) => known >= 0),
    tasks: [...(failed === null ? [] : [failed.row]), ...waiting.map(({ row }) => row)],
    t,
    ...(explainsEnd ? { explainsEnd } : {}),
  };
}
