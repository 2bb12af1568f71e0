/**
 * More of what the agent for Python saw and nothing else tells (python-facts.ts): what stands still
 * for ever, or fails, and the place that is to blame. Each is a fact; nothing is inferred here.
 */
import { FACT } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, Rule } from './finding.ts';
import { at, factRule, times } from './python-facts.ts';

const MIN_WAIT_NS = 1e9;
/** The fact is written with the wait. */
const MAX_APART_NS = 1e6;

/** "main", or "the program". */
const who = (trace: Trace, task: number): SentencePart =>
  task >= 0 ? taskPart(trace, trace.rowOf(task)) : 'the program';

const inOwn = (trace: Trace, task: number, site: number): string =>
  task >= 0 && site >= 0 ? inFunction(trace, trace.rowOf(task), site) : '';

export const swallowedCancel: Rule = factRule({
  name: 'swallowed-cancel',
  description: 'A task was cancelled, and went on as if it had not been.',
  fact: 'swallowed-cancel',
  severity: 'error',
  explainsEnd: true,
  words(trace, facts) {
    const [{ task, site, called, text }] = facts;
    return [
      who(trace, task),
      ' was cancelled',
      ...at(trace, called),
      ` while it waited${text === '' ? '' : ` in ${text}`}`,
      ...at(trace, site),
      `, and waits there again${times(facts)}: CancelledError was swallowed, and the task goes on. `,
      text === 'wait_for'
        ? 'asyncio.timeout() does not do that, nor does wait_for from Python 3.12 on.'
        : 'Let CancelledError pass, after what is to be cleaned up.',
    ];
  },
});

/** Part of the rule `deadlock`. */
export const loopDeadlocks = (trace: Trace, rule: string): Finding[] =>
  trace.facts
    .filter((fact) => fact.what === FACT['loop-deadlock'])
    .slice(0, 10)
    .map((fact) => {
      const { task, site, text, called, t } = fact;
      return {
        rule,
        severity: 'error',
        words: [
          who(trace, task),
          ' stands',
          ...at(trace, site),
          inOwn(trace, task, site),
          ` and waits for ${text}`,
          ...(called >= 0 ? [' (', sitePart(trace, called), ')'] : []),
          ', which only the event loop of the same thread could go on with: a deadlock. ',
          'Await it there; nothing that blocks may be held or waited for across an await.',
        ],
        sites: [site, called].filter((known) => known >= 0),
        tasks: task >= 0 ? [trace.rowOf(task)] : [],
        t,
        explainsEnd: true,
      };
    });

export const forkWithLocks: Rule = factRule({
  name: 'fork-with-locks',
  description: 'A process waits for a lock that a thread had when it was forked.',
  fact: 'fork-with-locks',
  severity: 'error',
  explainsEnd: true,
  words(trace, [{ task, site, called, text }]) {
    const [lock = '', holder = ''] = text.split('|');
    return [
      who(trace, task),
      ', in a process forked',
      ...at(trace, called),
      ', waits',
      ...at(trace, site),
      inOwn(trace, task, site),
      ` for lock ${lock}, which a thread in \`${holder}\` had at the fork: that thread is not in this `,
      'process, and nobody gives the lock back. Fork before threads begin, or use the start method "spawn".',
    ];
  },
});

export const notPrimed: Rule = factRule({
  name: 'not-primed',
  description: 'A generator was sent a value before it had been started.',
  fact: 'not-primed',
  severity: 'error',
  explainsEnd: true,
  words(trace, facts) {
    const [{ site, text }] = facts;
    const [fn = '', name = ''] = text.split('|');
    return [
      `The generator \`${name}\` of \`${fn}\` was sent a value`,
      ...at(trace, site),
      `${times(facts)} before it had come to its first \`yield\`. `,
      'Call next() on it when it is made.',
    ];
  },
});

/** Part of the rule `unclosed`: of tasks that wait on, to the end or for a second. */
const leftOpen = (trace: Trace): Finding[] =>
  trace.facts
    .filter((fact) => fact.what === FACT['left-open'] && waitsOn(trace, fact))
    .slice(0, 10)
    .map(({ task, site, text, t }) => {
      const [name = '', fn = '', what = ''] = text.split('|');
      const generator = name === '' ? `\`${fn}\`` : `\`${name}\` (of \`${fn}\`)`;
      const words: Sentence = [
        who(trace, task),
        ' waits',
        ...at(trace, site),
        ` for ${what}, which the async generator ${generator} has: it was left at a \`yield\` and not closed, `,
        'so that its `finally` has not run. Close it: `async with contextlib.aclosing(…)`.',
      ];
      return {
        rule: unclosed.name,
        severity: 'error',
        words,
        sites: site >= 0 ? [site] : [],
        tasks: [trace.rowOf(task)],
        t,
        explainsEnd: true,
      };
    });

const waitsOn = (trace: Trace, { task, site, t }: Fact): boolean =>
  openWaits(trace).some(
    (wait) =>
      wait.row === task &&
      wait.site === site &&
      Math.abs(wait.startNs - t) < MAX_APART_NS &&
      openNs(trace, wait) >= MIN_WAIT_NS,
  );

/** Part of the rule `unclosed`. */
const neverClosed: Rule = factRule({
  name: 'unclosed',
  description: '',
  fact: 'never-closed',
  severity: 'warning',
  words(trace, facts) {
    const [{ site }] = facts;
    const last = facts.at(-1)!;
    const [kind = '', fn = ''] = last.text.split('|');
    const made = last.amount;
    return [
      fn === '' ? 'The program' : `\`${fn}\``,
      ` made ${made === 1 ? `a ${kind}` : count(made, kind)}`,
      ...at(trace, site),
      ` and closed ${made === 1 ? 'it not' : 'none of them'}. Use it in a \`with\` statement, one for all.`,
    ];
  },
});

export const unclosed: Rule = {
  name: 'unclosed',
  description: 'A generator, session or client was left open.',
  start: (trace, gaps) => {
    const ofSessions = neverClosed.start(trace, gaps);
    return { findings: (explained) => [...leftOpen(trace), ...ofSessions.findings(explained)] };
  },
};

/** Part of the rule `not-released`. */
export function neverBegun(trace: Trace, rule: string): Finding[] {
  const ofKind = (what: number): Fact[] => trace.facts.filter((fact) => fact.what === what).slice(0, 20);
  const begun = ofKind(FACT['never-begun']).map(({ task, site, called, text, t }): Finding => {
    const words: Sentence = [
      who(trace, task),
      ...(site >= 0 ? [' (made', ...at(trace, site), ')'] : []),
      ` was cancelled before its first step: its \`finally\``,
      ...at(trace, called),
      `, which cares for \`${text}\`, never ran. Take inside the task what the task gives back.`,
    ];
    return {
      rule,
      severity: 'warning',
      words,
      sites: [site, called].filter((known) => known >= 0),
      tasks: task >= 0 ? [trace.rowOf(task)] : [],
      t,
      isWrong: true,
    };
  });
  const held = ofKind(FACT['connections-held']).map(({ task, site, called, text, amount, t }): Finding => {
    const words: Sentence = [
      who(trace, task),
      inOwn(trace, task, site),
      ' waited',
      ...at(trace, site),
      ` for a connection of ${text} until its time limit: ${count(amount, 'answer')} that `,
      `${amount === 1 ? 'was' : 'were'} asked for`,
      ...at(trace, called),
      ` ${amount === 1 ? 'has one' : 'have them'} and ${amount === 1 ? 'was' : 'were'} neither read nor closed. `,
      'Use `async with client.stream(…)`, or close the response.',
    ];
    return {
      rule,
      severity: 'error',
      words,
      sites: [site, called].filter((known) => known >= 0),
      tasks: task >= 0 ? [trace.rowOf(task)] : [],
      t,
      explainsEnd: true,
    };
  });
  return [...held, ...begun];
}
