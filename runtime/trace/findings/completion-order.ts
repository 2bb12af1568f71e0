/**
 * Results are collected in the order in which they are done, and then paired by their place with
 * what was given away in another order. That they are paired the agent read from the source; that
 * they were done in another order it saw.
 */
import { sitePart } from '../words/parts.ts';
import { factRule } from './python-facts.ts';
import type { Rule } from './finding.ts';

export const completionOrder: Rule = factRule({
  name: 'completion-order',
  description: 'Results in the order in which they were done are paired with what is in another order.',
  fact: 'completion-order',
  severity: 'error',
  isWrong: true,
  words(trace, [{ site, called, text }]) {
    const [results = '', others = '', how = ''] = text.split('|');
    const fn = trace.sites[site]?.fn ?? '';
    return [
      fn === '' || fn.startsWith('<') ? 'The program' : `\`${fn}\``,
      ` collects \`${results}\` in the order in which they are done (\`${how}\`, `,
      sitePart(trace, site),
      `), which was another than that of \`${others}\`, and pairs the two by their place at `,
      sitePart(trace, called),
      ': they belong to others. ',
      how === 'imap_unordered'
        ? '`imap` gives them in the order of what goes in.'
        : 'Go through the futures themselves, or use `map` of the pool, or `asyncio.gather`.',
    ];
  },
});
