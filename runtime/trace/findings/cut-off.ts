/**
 * `process.exit` ended the process while bytes that it had written were not yet given to the
 * system: they are lost. The agent counted them after the last exit listener, so nothing here is
 * inferred. A stream whose reader was gone by then would refute it: its bytes had no way to go.
 */
import { FACT } from '../format/kinds.ts';
import { grouped } from '../format/grouped.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { cutShortTasks } from './cut-short-tasks.ts';
import { cutOffWaits } from './cut-off-waits.ts';
import { LostMessages } from './lost-messages.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const cutOff: Rule = {
  name: 'cut-off',
  description: 'The program or a thread was ended before its output was written, or its messages read.',
  start: (trace) => new CutOff(trace),
};

class CutOff extends LostMessages implements RuleRun {
  readonly #trace: Trace;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  override findings(): Finding[] {
    const trace = this.#trace;
    const rule = cutOff.name;
    return [
      ...findingsOf(trace),
      ...poolsLeft(trace),
      ...cutShortTasks(trace, rule),
      ...cutOffWaits(trace, rule),
      ...super.findings(rule),
    ];
  }
}

/** Calls of Python's multiprocessing.Pool that nobody waited for before it was terminated. */
const poolsLeft = (trace: Trace): Finding[] =>
  trace.facts
    .filter(({ what }) => what === FACT['pool-left'])
    .map(({ site, called, text, amount, task, t }): Finding => {
      const [fn = '', pool = ''] = text.split('|');
      const words: SentencePart[] = [
        `${count(amount, 'call')} of \`${fn}\``,
        ...(called >= 0 ? [' (given at ', sitePart(trace, called), ')'] : []),
        `${amount === 1 ? ' was' : ' were'} not done when pool ${pool} was terminated`,
        ...(site >= 0 ? [' at ', sitePart(trace, site)] : [' at the end of the program']),
        ': nobody had waited for them. get() each result, or close() and join() the pool.',
      ];
      return {
        rule: cutOff.name,
        severity: 'error',
        words,
        sites: [called, site].filter((known) => known >= 0),
        tasks: task >= 0 ? [trace.rowOf(task)] : [],
        t,
        isWrong: true,
      };
    });

/** What a child sends its parent. */
const IS_MESSAGES = /^messages to/;

function findingsOf(trace: Trace): Finding[] {
  const byProcess = new Map<number, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['cut-off']) continue;
    const facts = byProcess.get(fact.process);
    if (facts) facts.push(fact);
    else byProcess.set(fact.process, [fact]);
  }
  return [...byProcess.values()].map((facts) => findingOf(trace, facts));
}

/** @param facts of one process, the most first, at least one */
function findingOf(trace: Trace, facts: readonly Fact[]): Finding {
  const [{ site, t, process }] = facts as readonly [Fact, ...Fact[]];
  const lost = facts.flatMap((fact, i): SentencePart[] => [...(i > 0 ? [', '] : []), ...lostOf(trace, fact)]);
  const by = trace.processes[process]!;
  const words: SentencePart[] = ['process.exit'];
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(
    ' ended the process while ',
    ...lost,
    ` ${facts.length === 1 ? 'was' : 'were'} not yet written: that output is lost. `,
    `Set process.exitCode = ${by.exitCode ?? 0} instead`,
    facts.some(({ text }) => IS_MESSAGES.test(text)) ? ' and call process.disconnect()' : '',
    ', and the process ends once all is written.',
  );
  return {
    rule: cutOff.name,
    severity: 'error',
    words,
    sites: [site, ...facts.map(({ called }) => called)].filter((known) => known >= 0),
    tasks: [],
    t,
    explainsEnd: true,
  };
}

/** "64 kB of stdout"; "the file report.txt (begun at a.ts:5)". */
function lostOf(trace: Trace, { text, amount, called }: Fact): SentencePart[] {
  if (amount > 0) return [`${size(amount)} of ${text}`];
  return called < 0 ? [text] : [`${text} (begun at `, sitePart(trace, called), ')'];
}

/** "1.2 MB", "64 kB", "812 bytes". */
function size(bytes: number): string {
  if (bytes >= 999_500) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1000 ? `${Math.round(bytes / 1000)} kB` : `${grouped(bytes)} bytes`;
}
