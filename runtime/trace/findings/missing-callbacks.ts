/**
 * A stream stands still since a function of the program's that works for it (`transform`, `write`,
 * `flush`) has not called back. The agent read it from Node's state of the stream: when the process
 * ended by itself, so that nothing could call back any more; or when nothing had happened for a
 * second, which counts where somebody or something then ended the process.
 *
 * So it is with a function that is given another one to call once it is done, by a queue say: the
 * agent counted how often it was given one and how often it called it.
 *
 * Refuted by a callback that came later. A full stream that nobody reads is another matter
 * (back-pressure.ts).
 */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { wentOn } from './standstill.ts';

const MAX_FINDINGS = 10;
/** The agent says it just before its last record. */
const SAME_MOMENT_NS = 100e6;
const WAITS_FOR_STREAM = /pipeline|finished|'(?:finish|end|close)'|"(?:finish|end|close)"/;

export function missingCallbacks(trace: Trace, gaps: QuietGaps, process: Process): Omit<Finding, 'rule'>[] {
  const facts = trace.facts.filter(
    ({ what, process: of }) => what === FACT['missing-callback'] && of === process.index,
  );
  const last = facts.at(-1);
  if (last === undefined) return [];
  const { endKind, endNs } = process;
  const isDry =
    endKind === PROCESS_END.exit && endNs! - last.t < SAME_MOMENT_NS && !wentOn(trace, process.index, last.t);
  let sinceNs = -1;
  if (!isDry) {
    const stopNs = interruptOf(trace, process)?.t ?? (endKind === PROCESS_END.called ? endNs : null);
    const gap = stopNs === null ? null : gaps.gapAt(process.index, stopNs);
    if (gap === null || last.t < gap.fromNs) return [];
    sinceNs = gap.fromNs;
  }
  const bySite = new Map<number, Fact[]>();
  for (const fact of facts.filter(({ t }) => last.t - t < SAME_MOMENT_NS)) {
    const same = bySite.get(fact.site);
    if (same) same.push(fact);
    else bySite.set(fact.site, [fact]);
  }
  const waits = openWaits(trace).filter(
    ({ row, site }) =>
      trace.tasks.process[row] === process.index && WAITS_FOR_STREAM.test(trace.sites[site]?.text ?? ''),
  );
  return [...bySite.values()]
    .filter(([fact]) => !(isDry && fact!.amount > 0 && !DRY_CODES.has(process.exitCode ?? 0)))
    .slice(0, MAX_FINDINGS)
    .map((same) => {
      const [fact] = same as [Fact, ...Fact[]];
      if (fact.amount === 0) return findingOf(trace, same, waits, sinceNs);
      return findingOfRuns(trace, fact, sinceNs, isDry && process.exitCode === DEAD_CODE);
    });
}

/** Nothing was left to do; with 13 something still waited at a module's top level. */
const DEAD_CODE = 13;
const DRY_CODES: ReadonlySet<number> = new Set([0, DEAD_CODE]);

/** @param sinceNs when the last thing happened; −1: the process came to its own end */
function findingOf(
  trace: Trace,
  facts: readonly Fact[],
  waits: readonly Wait[],
  sinceNs: number,
): Omit<Finding, 'rule'> {
  const [{ site, text, t }] = facts as readonly [Fact];
  const wait = waits[0];
  const [name = '', ...kind] = text.split(' ');
  const words: SentencePart[] = [[`\`${name}\``, ...kind].join(' '), ' at ', sitePart(trace, site)];
  if (sinceNs < 0) words.push(' never called its callback');
  else words.push(` has not called its callback, and nothing has happened for ${duration(t - sinceNs)}`);
  words.push(
    facts.length > 1 ? `: ${count(facts.length, 'stream')} stand still` : ': its stream stands still',
  );
  if (wait !== undefined)
    words.push(', and ', taskPart(trace, wait.row), ' waits for it at ', sitePart(trace, wait.site));
  words.push('. Each way through it has to call the callback once, with an error or without.');
  const rows = waits.map(({ row }) => row);
  return {
    severity: 'error',
    words,
    sites: [site, ...(wait === undefined ? [] : [wait.site])],
    tasks: rows,
    t,
    explainsEnd: true,
    events: facts.map(({ event }) => event),
  };
}

/**
 * `amount` of its runs have not called what they were given: "convert done 12".
 * @param isDead it explains the end of the program
 */
function findingOfRuns(
  trace: Trace,
  { site, text, t, amount, event }: Fact,
  sinceNs: number,
  isDead: boolean,
): Omit<Finding, 'rule'> {
  const [, fn = '', callback = '', runs = ''] = RUNS.exec(text) ?? [];
  const areAll = Number(runs) === amount;
  const words: SentencePart[] = [
    areAll ? count(amount, 'run') : `${amount} of the ${runs} runs`,
    ' of ',
    fn === '' || fn.startsWith('<') ? 'the function' : `\`${fn}\``,
    ' at ',
    sitePart(trace, site),
    sinceNs < 0
      ? ` never called \`${callback}\`: whoever waits for that was not told`
      : ` ${amount === 1 ? 'has' : 'have'} not called \`${callback}\`, and nothing has happened for ${duration(t - sinceNs)}`,
    '. Each way through it has to call it once, with an error or without.',
  ];
  // Where nobody was ever called back, what they wait for may just not have come.
  const severity = isDead ? 'error' : sinceNs >= 0 && areAll ? 'info' : 'warning';
  const sites = [site];
  return { severity, words, sites, tasks: [], t, events: [event], ...(isDead ? { explainsEnd: true } : {}) };
}

const RUNS = /^(.*) (\S+) (\d+)$/;
