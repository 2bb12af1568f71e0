/**
 * Something grew while the program ran and was not taken back: races with a promise that stays
 * pending, listeners, events that nobody read, bytes that nobody waited for. The agent counted and
 * wrote the facts at a bound and at each doubling; nothing is inferred here.
 *
 * A later fact of the same thing with a small amount refutes it: at the end listeners are counted
 * anew.
 */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { grouped } from '../format/grouped.ts';
import { byteCount } from '../words/duration.ts';
import { siteText, sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { interruptOf } from './interrupt.ts';

export const growth: Rule = {
  name: 'growth',
  description: 'Listeners, races, unread events or unsent bytes piled up and were not taken back.',
  start: (trace): RuleRun => ({ findings: () => findingsOf(trace) }),
};

const MAX_FINDINGS = 20;

interface Kind {
  /** How its text begins. */
  readonly text: string;
  readonly min: number;
  /** While the program goes on, or was interrupted: what goes on may need so many. */
  readonly minOpen?: number;
  describe(trace: Trace, fact: Fact): Sentence;
}

/** Listeners that were added by another run each; more than Node's own limit. */
const EACH_RUN = 'each-run ';

const KINDS: readonly Kind[] = [
  {
    text: 'races',
    min: 500,
    describe: (trace, { site, called, amount }) => [
      `${quoted(trace, site, 'Promise.race')} at `,
      sitePart(trace, site),
      ` waited ${grouped(amount)} times or more for one promise that never settled`,
      ...(called >= 0 ? [' (made at ', sitePart(trace, called), ')'] : []),
      ', which keeps each answer alive. Do not race again and again with a promise that stays pending.',
    ],
  },
  {
    text: 'bytes without drain()',
    min: 1 << 20,
    describe: (trace, { site, task, amount }) => [
      ...(task >= 0 ? [taskPart(trace, trace.rowOf(task)), ' wrote at '] : ['What was written at ']),
      sitePart(trace, site),
      task >= 0 && site >= 0 ? inFunction(trace, trace.rowOf(task), site) : '',
      ` again and again without \`await writer.drain()\`: ${byteCount(amount)} or more waited in memory. `,
      'Await drain() after each write.',
    ],
  },
  {
    text: 'items taken',
    min: 1,
    describe: (trace, { site, text, called, amount }) => {
      const [, fn = '', source = ''] = text.split('|');
      return [
        `imap of \`${fn}\` at `,
        sitePart(trace, site),
        ` takes what \`${source}\``,
        ...(called >= 0 ? [' (', sitePart(trace, called), ')'] : []),
        ` gives faster than it is worked on: ${grouped(amount)} items or more waited in memory. `,
        'Give it a few at a time: map() over slices, or a semaphore in the generator.',
      ];
    },
  },
  {
    text: 'bytes that were sent',
    min: 1 << 20,
    describe: (trace, { site, amount }) => [
      `${quoted(trace, site, 'send')} at `,
      sitePart(trace, site),
      ` sent more than the other side took, for a second and longer: ${byteCount(amount)} or more waited in memory.`,
      ' Look at `bufferedAmount` before each, and leave messages out or close the connection where it is high.',
    ],
  },
  {
    text: 'bytes',
    min: 1 << 20,
    describe: (trace, { site, amount }) => [
      `${quoted(trace, site, 'write')} at `,
      sitePart(trace, site),
      ` returned false and nobody waited for it to drain: ${byteCount(amount)} or more waited in memory.`,
      " Wait for the event 'drain' where it returns false.",
    ],
  },
  {
    text: 'events',
    min: 1000,
    describe: (trace, { site, called, amount }) => [
      `${grouped(amount)} events or more waited in memory to be read at `,
      sitePart(trace, site),
      ': events.on',
      ...(called >= 0 && called !== site ? [' at ', sitePart(trace, called)] : []),
      ' keeps what comes faster than it is read. Read faster, or bound what comes in.',
    ],
  },
  {
    text: EACH_RUN,
    min: 11,
    // What goes on may have so many that still need it.
    minOpen: 32,
    describe: (trace, { site, text, amount }) => [
      `${grouped(amount)} ${text.slice(EACH_RUN.length)} were added at `,
      sitePart(trace, site),
      ', one by each run of it, and not removed. Remove each when what it was added for is over: ',
      'for a request or a connection, at its `close`.',
    ],
  },
  {
    text: '',
    min: 32,
    describe: (trace, { site, text, amount }) => [
      `${grouped(amount)} ${text} were added at `,
      sitePart(trace, site),
      ' and not removed. Remove each when its work is done (`{ once: true }` does not, if it never comes).',
    ],
  },
];

function findingsOf(trace: Trace): Finding[] {
  const last = new Map<string, Fact>();
  for (const fact of trace.facts)
    if (fact.what === FACT.growth)
      last.set(`${trace.sites[fact.site]?.process} ${fact.site} ${fact.text}`, fact);
  return [...last.values()].slice(0, MAX_FINDINGS).flatMap((fact) => findingOf(trace, fact) ?? []);
}

function findingOf(trace: Trace, fact: Fact): Finding | null {
  const { site, called, text, amount, t } = fact;
  const kind = KINDS.find((each) => text.startsWith(each.text))!;
  const min = hasEnded(trace, fact) ? kind.min : (kind.minOpen ?? kind.min);
  if (amount < min || site < 0) return null;
  return {
    rule: growth.name,
    severity: 'error',
    words: kind.describe(trace, fact) as SentencePart[],
    sites: [site, called].filter((known) => known >= 0),
    tasks: [],
    t,
  };
}

/** By itself: then nothing of the process goes on that needed it. */
function hasEnded(trace: Trace, fact: Fact): boolean {
  const process = trace.processes[fact.process]!;
  return process.endKind === PROCESS_END.exit && interruptOf(trace, process) === null;
}

/** The text at a place, in quotes of code. */
function quoted(trace: Trace, site: number, otherwise: string): string {
  return `\`${siteText(trace, site) || otherwise}\``;
}
