/**
 * The process did not end (or ended late, see late-end.ts), and somebody had to interrupt it: what
 * it waited for, and where that was made. While nothing happened the agent listed what kept the
 * process alive (facts `keeps-alive`).
 *
 * It says nothing while something happens, and nothing of a program that waits as it was written
 * to: for a timer of its own, for requests on a port that others know, for input. What would refute
 * it: the program was meant to go on. A server that the program itself made for itself, under a
 * test runner or on a port that the system chose, is not.
 */
import { FACT, REASONS } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { settledReason } from '../model/settled-reason.ts';
import type { Fact, Process, Trace } from '../model/trace.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { begunBeforeExit } from './before-exit.ts';
import type { Finding, Rule, RuleRun, Severity } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { keptByBusyThreads } from './kept-by-busy-threads.ts';
import { keptByThreads } from './kept-by-threads.ts';
import { lateCall } from './late-call.ts';
import { lateEnd } from './late-end.ts';
import { raceLosers } from './race-losers.ts';
import { lastReport } from './quiet-reports.ts';
import { CLEAR_TIMEOUT, raceWithoutNamed } from './raced-timers.ts';
import { describeStandstill, isRunning } from './standstill.ts';
import { isUnread } from './unread-pipe.ts';

export const keptAlive: Rule = {
  name: 'kept-alive',
  description: 'The program had nothing more to do and did not end, or ended late.',
  start(trace, gaps): RuleRun {
    const rule = keptAlive.name;
    /** By process: when Ctrl-C first reached it. */
    const interruptedNs = new Map<number, number>();
    return {
      processInterrupted(process, t) {
        if (!interruptedNs.has(process)) interruptedNs.set(process, t);
      },
      findings: () =>
        trace.processes.flatMap((process) => {
          const late =
            lateEnd(trace, gaps, process) ?? raceLosers(trace, process) ?? lateCall(trace, process);
          if (late !== null) return { ...late, rule };
          const again = begunBeforeExit(trace, process);
          if (again !== null) return { ...again, rule };
          const t = interruptedNs.get(process.index) ?? null;
          return (
            findingOf(trace, gaps, process) ??
            keptByThreads(trace, gaps, process, rule) ??
            keptByBusyThreads(trace, process, t, rule) ??
            []
          );
        }),
    };
  },
};

/** A program that runs tests has nothing more to do when they are over. */
const TEST_RUNNER =
  /(^|[\\/\s])(jest|mocha|_mocha|vitest|ava|tap|jasmine|uvu|qunit)(\.[cm]?js)?(\s|$)|\s--test(\s|$)|node:?_test/m;
const MAX_OTHERS = 2;
const MAX_SITES = 10;

/** What holds the process, in words; by the first row that matches. */
interface Holder {
  readonly matches: RegExp;
  /** Of an ordinary program that was interrupted and in which nothing waits. */
  readonly severity: Severity;
  readonly madeWord: string;
  readonly mend: string;
}

const CLOSING = /^(.*) to a closing server$/;
const CHANNEL = /^a BroadcastChannel\b/;
const HOLDERS: readonly Holder[] = [
  {
    matches: CLOSING,
    severity: 'error',
    madeWord: '',
    mend: 'End what is still open, or call closeAllConnections(), before close() can come to its end.',
  },
  {
    matches: /^setInterval\b/,
    severity: 'error',
    madeWord: 'made at',
    mend: 'clearInterval(), or unref() on it, lets the process end.',
  },
  {
    matches: /\bserver on\b/,
    severity: 'error',
    madeWord: 'listening since',
    mend: 'Close it when it is needed no more.',
  },
  // Before a worker, which may be kept by the same channel.
  {
    matches: CHANNEL,
    severity: 'error',
    madeWord: 'listened to since',
    mend: 'Close it, or unref() it, in each thread that listens to it.',
  },
  {
    matches: /^a worker\b/,
    severity: 'error',
    madeWord: 'made at',
    mend: 'Terminate it, or unref() it after the last listener for `message` was added.',
  },
  {
    matches: /^a MessagePort\b/,
    severity: 'error',
    madeWord: 'listened to since',
    mend: 'Close it, or unref() it.',
  },
  {
    matches: /^(a connection|a UDP socket)\b/,
    severity: 'warning',
    madeWord: 'made at',
    mend: 'Close it when it is needed no more.',
  },
  {
    matches: /^standard input\b/,
    severity: 'warning',
    madeWord: 'read since',
    mend: 'Close what reads it when it is needed no more.',
  },
  {
    matches: /^(the child process|a watcher of files)\b/,
    severity: 'warning',
    madeWord: 'made at',
    mend: 'End it when it is needed no more.',
  },
  { matches: /^/, severity: 'info', madeWord: 'made at', mend: '' },
];

const holderOf = ({ text }: Fact): Holder => HOLDERS.find(({ matches }) => matches.test(text))!;

function findingOf(trace: Trace, gaps: QuietGaps, process: Process): Finding | null {
  const interrupt = interruptOf(trace, process);
  const t = interrupt?.t ?? trace.endNs;
  // Of a program that goes on it is known as long as it does.
  if (interrupt === null && (trace.isOver || process.endNs !== null)) return null;
  const gap = gaps.gapAt(process.index, t);
  if (gap === null || trace.losses.firstSinceNs(process.index) < t) return null;
  if (isRunning(trace, process.index)) return null;
  const held = lastList(trace, process, gap.fromNs, t);
  const isTest = TEST_RUNNER.test(process.argv);
  const waits = isTest ? [] : reasonsOfOpenWaits(trace, process);
  if (waits.includes('timer')) return null;
  const raceOf = ({ task, text }: Fact): number => raceWithoutNamed(trace, task, text);
  const rated = held
    .map((fact) => ({
      fact,
      severity: raceOf(fact) >= 0 ? 'warning' : severityOf(fact, gaps, isTest, waits.length > 0),
    }))
    .sort((a, b) => rankOf(a.fact, a.severity) - rankOf(b.fact, b.severity));
  const [first, ...rest] = rated;
  if (first === undefined || placeOf(trace, first.fact) < 0) return null;
  const severity = interrupt === null ? 'info' : first.severity;
  const others = rest
    .filter(({ fact }) => CLOSING.test(fact.text) === CLOSING.test(first.fact.text))
    .filter((other) => other.severity === first.severity && placeOf(trace, other.fact) >= 0)
    .map(({ fact }) => fact);
  const facts = oneOfEach(trace, [first.fact, ...others]).slice(0, MAX_OTHERS + 1);
  const words: SentencePart[] = [
    ...describeHolders(trace, facts, interrupt !== null),
    describeStandstill({ quietNs: t - gap.fromNs, signal: interrupt?.signal ?? '' }),
    '.',
  ];
  const race = raceOf(first.fact);
  if (race >= 0) {
    const { task } = first.fact;
    const by = { task: trace.rowOf(task), text: trace.nameOf(task) };
    words.push(' The ', resourcePart(trace, race), ' of ', by, ', for which it was made, is decided.');
  }
  const mend = race >= 0 ? CLEAR_TIMEOUT : mendOf(facts);
  if (mend !== '') words.push(` ${mend}`);
  return {
    rule: keptAlive.name,
    severity,
    words,
    sites: [...new Set(facts.flatMap((fact) => [fact.called, placeOf(trace, fact)]))]
      .filter((site) => site >= 0)
      .slice(0, MAX_SITES),
    tasks: [...new Set(facts.map(({ task }) => task).filter((task) => task >= 0))],
    t,
    sinceNs: gap.fromNs,
    ...(severity === 'info' ? {} : { explainsEnd: true }),
  };
}

/** What lets the first end; of a channel also what lets the worker end that may not know it. */
function mendOf([first, ...others]: readonly Fact[]): string {
  const { mend } = holderOf(first!);
  const isOfWorker = CHANNEL.test(first!.text) && others.some(({ text }) => /^a worker\b/.test(text));
  return isOfWorker ? `${mend} A worker that does not can be terminated.` : mend;
}

/** Where it was made: its line, else the function for which a package made it; −1: unknown. */
const placeOf = (trace: Trace, { site, task }: Fact): number =>
  site >= 0 || task < 0 ? site : trace.tasks.site[task]!;

/** Of those that read alike the first: twenty timers of one line are one thing to say. */
function oneOfEach(trace: Trace, facts: readonly Fact[]): Fact[] {
  const keyOf = (fact: Fact): string => `${placeOf(trace, fact)} ${fact.called} ${fact.text}`;
  const byKey = new Map<string, Fact>();
  for (const fact of facts) if (!byKey.has(keyOf(fact))) byKey.set(keyOf(fact), fact);
  return [...byKey.values()];
}

/** What the agent listed last within this time. */
function lastList(trace: Trace, process: Process, fromNs: number, toNs: number): Fact[] {
  return lastReport(trace, process, fromNs, toNs).filter(
    ({ what, text }) => what === FACT['keeps-alive'] && !isTracedChild(trace, text) && !isUnread({ text }),
  );
}

/** That child says itself why it does not end, or what it started does: a shell, for `npx`. */
function isTracedChild(trace: Trace, text: string): boolean {
  const pid = Number(/^the child process (\d+)/.exec(text)?.[1]);
  return trace.processes.some((process) => process.pid === pid || process.parentPid === pid);
}

/** Why tasks of the process wait at its end. */
function reasonsOfOpenWaits(trace: Trace, process: Process): string[] {
  return openWaits(trace)
    .filter(({ row }) => trace.tasks.process[row] === process.index)
    .map(({ reason, target }) => REASONS[settledReason(trace, reason, -1, target)] ?? '');
}

function severityOf(fact: Fact, gaps: QuietGaps, isTest: boolean, hasWaits: boolean): Severity {
  const { severity } = holderOf(fact);
  if (CLOSING.test(fact.text)) return severity;
  if (isTest) return fact.site >= 0 ? 'error' : 'info';
  // Others may come to it, or it has work to do; a task that waits may be what it is there for.
  if (fact.amount > 0 || hasWaits || gaps.isBusyInterval(fact.task, fact.text)) return 'info';
  return severity;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** The gravest first; of those a connection to a closing server, and what a package made last. */
const rankOf = (fact: Fact, severity: Severity): number =>
  SEVERITIES.indexOf(severity) * 100 + HOLDERS.indexOf(holderOf(fact)) + (fact.site < 0 ? 1000 : 0);

/** " in shutDown": of a line in a function that has a name; '': it has none. */
function inNamedFunction(trace: Trace, site: number): string {
  const fn = trace.sites[site]?.fn ?? '';
  return /^(?:new )?[\w$.#]+$/.test(fn) && !/^Object\.<anonymous>$|^Server\./.test(fn) ? ` in ${fn}` : '';
}

function describeHolders(trace: Trace, facts: readonly Fact[], isOver: boolean): Sentence {
  const [first] = facts as readonly [Fact, ...Fact[]];
  const closing = CLOSING.exec(first.text);
  if (closing !== null && first.called >= 0) {
    const requests = facts.map(({ text }) => CLOSING.exec(text)?.[1] ?? text);
    return [
      'server.close() at ',
      sitePart(trace, first.called),
      inNamedFunction(trace, first.called),
      ` ${isOver ? 'waited' : 'waits'} for ${[...new Set(requests)].join(' and ')}, which `,
      isOver ? 'was never ended' : 'has not ended',
      ', of the server listening since ',
      sitePart(trace, first.site),
    ];
  }
  const words: SentencePart[] = [`The process ${isOver ? 'was' : 'is'} kept alive by `];
  facts.forEach((fact, i) => {
    if (i > 0) words.push(i === facts.length - 1 ? ' and ' : ', ');
    // A package made it: its line is not the program's.
    if (fact.site < 0) words.push(`${fact.text}, made for `, taskPart(trace, fact.task));
    else words.push(`${fact.text}, ${holderOf(fact).madeWord} `, sitePart(trace, fact.site));
    if (fact.site < 0) words.push(' (', sitePart(trace, placeOf(trace, fact)), ')');
    if (fact.called >= 0)
      words.push(', which a listener for messages at ', sitePart(trace, fact.called), ' made count again');
  });
  return words;
}
