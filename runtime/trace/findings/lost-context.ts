/**
 * A function reads a ContextVar in a thread that has no value of it, though it was set where the
 * call was given away: what gives calls to threads does not carry the context over. That the
 * function reads it the agent took from the source; that it is set in the one place and not in the
 * other it looked up.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const lostContext: Rule = {
  name: 'lost-context',
  description: 'A ContextVar is read in a thread to which its value was not carried over.',
  start: (trace): RuleRun => ({
    findings: () => {
      const byPlace = new Map<string, [Fact, ...Fact[]]>();
      const setAt = new Map<number, number>();
      for (const fact of trace.facts) {
        if (fact.what === FACT['context-set']) setAt.set(fact.task, fact.site);
        if (fact.what !== FACT['lost-context']) continue;
        const key = `${fact.process} ${lineOf(trace, fact.site)} ${fact.called} ${fact.text}`;
        const same = byPlace.get(key);
        if (same) same.push(fact);
        else byPlace.set(key, [fact]);
      }
      return [...byPlace.values()]
        .slice(0, MAX_FINDINGS)
        .map((facts) => findingOf(trace, facts, setAt.get(facts[0].task) ?? -1));
    },
  }),
};

const MAX_FINDINGS = 20;
const MAX_TASKS = 20;

const lineOf = ({ sites }: Trace, site: number): string =>
  site < 0 ? '' : `${sites[site]!.file}:${sites[site]!.line}`;

function findingOf(trace: Trace, facts: readonly [Fact, ...Fact[]], setSite: number): Finding {
  const [{ site, called, text }] = facts;
  const [variable = '', how = '', fallback = ''] = text.split('|');
  const setter = trace.sites[setSite]?.fn ?? '';
  const words: SentencePart[] = [
    `\`${how}\` at `,
    sitePart(trace, called),
    ` does not carry the context over to the thread: \`${trace.sites[site]?.fn ?? ''}\` reads \`${variable}\` there, at `,
    sitePart(trace, site),
    `, and ${fallback === '' ? 'finds no value' : 'gets its default'}${facts.length > 1 ? `, ${count(facts.length, 'time')}` : ''}`,
    ...(setSite >= 0
      ? [`, not what ${setter === '' ? 'was' : `\`${setter}\``} set at `, sitePart(trace, setSite)]
      : []),
    '. ',
    how === 'run_in_executor'
      ? '`asyncio.to_thread` carries it, as does `contextvars.copy_context().run` as the function.'
      : 'Give it `contextvars.copy_context().run` and the function as its first argument.',
  ];
  return {
    rule: lostContext.name,
    severity: 'warning',
    words,
    sites: [called, site, setSite].filter((known) => known >= 0),
    tasks: [...new Set(facts.map(({ task }) => task).filter((task) => task >= 0))].slice(0, MAX_TASKS),
    t: facts[0].t,
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
