/**
 * A function of Python's that was made in a loop reads its variable when it runs, in a thread, a
 * timer or an executor, and by then the loop had gone on: it got the value of another turn. What it
 * reads the agent took from the source; that the variable held another thing it saw.
 */
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { latestFacts } from './latest-facts.ts';

export const lateBinding: Rule = {
  name: 'late-binding',
  description: 'A function made in a loop ran later and read what another turn had left.',
  start: (trace): RuleRun => ({
    findings: () => latestFacts(trace, 'late-binding').map((fact) => findingOf(trace, fact)),
  }),
};

const LAMBDA = '<lambda>';
/** The agent tells so many one by one, then ever more seldom. */
const MAX_TOLD = 64;

function findingOf(trace: Trace, { task, site, called, text, amount, t, event }: Fact): Finding {
  const [name = '', fn = '', how = '', given = '0'] = text.split('|');
  const isLambda = fn.endsWith(LAMBDA);
  const atLeast = amount > MAX_TOLD ? 'at least ' : '';
  const late = amount === Number(given) ? `all ${amount}` : `${atLeast}${amount} of ${given}`;
  return {
    rule: lateBinding.name,
    severity: 'warning',
    words: [
      `${isLambda ? 'The lambda' : `\`${fn}\``} that \`${how}\` was given at `,
      sitePart(trace, site),
      ` reads \`${name}\` when it runs, and the loop at `,
      sitePart(trace, called),
      ` had gone on by then: ${late === 'all 1' ? 'it' : late} got the value of another turn. `,
      isLambda
        ? `Give the value along: \`lambda ${name}=${name}: …\`, or as an argument.`
        : `Give \`${name}\` along as an argument.`,
    ],
    sites: [site, called].filter((known) => known >= 0),
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
    isWrong: true,
    events: [event],
  };
}
