/**
 * A task for which several wait was cancelled by way of one of them: a cancellation passes on to
 * what a task awaits. The others got a CancelledError, though nobody had cancelled them; the agent
 * saw who waited, and that only one was cancelled itself.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart, taskList } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const sharedCancel: Rule = {
  name: 'shared-cancel',
  description: 'The cancellation of one who waited for a task reached the others who waited for it.',
  start: (trace): RuleRun => ({
    findings: () => {
      const byPlace = new Map<string, [Fact, ...Fact[]]>();
      for (const fact of trace.facts) {
        if (fact.what !== FACT['shared-cancel'] || fact.task < 0) continue;
        const key = `${fact.process} ${fact.site} ${fact.called} ${fact.text}`;
        const same = byPlace.get(key);
        if (same) same.push(fact);
        else byPlace.set(key, [fact]);
      }
      return [...byPlace.values()].slice(0, MAX_FINDINGS).map((facts) => findingOf(trace, facts));
    },
  }),
};

const MAX_FINDINGS = 20;

function findingOf(trace: Trace, facts: readonly [Fact, ...Fact[]]): Finding {
  const [{ site, called, text }] = facts;
  const [shared = '', passer = '', how = ''] = text.split('|');
  const tasks = [...new Set(facts.map(({ task }) => trace.rowOf(task)))];
  const fn = trace.sites[called]?.fn ?? '';
  const who = fn === '' || fn.startsWith('<') ? passer : fn;
  const at: SentencePart[] = called >= 0 ? [' at ', sitePart(trace, called)] : [];
  const isElsewhere = site >= 0 && trace.sites[site]!.line !== trace.sites[called]?.line;
  const words: SentencePart[] = [
    how === '' ? `The cancellation of \`${passer}\`` : `The time limit of \`${who}\` (\`${how}\`)`,
    ...at,
    ` cancelled \`${shared}\`, which it shares`,
    ...(isElsewhere ? [' at ', sitePart(trace, site)] : []),
    ' with ',
    ...taskList(trace, tasks),
    ': a cancellation passes on to what is awaited, and they got a CancelledError that was not meant for them. ',
    '`await asyncio.shield(task)` keeps it from a task that others wait for, too.',
  ];
  return {
    rule: sharedCancel.name,
    severity: 'error',
    words,
    sites: [site, called].filter((known) => known >= 0),
    tasks,
    t: Math.min(...facts.map(({ t }) => t)),
    isWrong: true,
    events: facts.map(({ event }) => event),
  };
}
