/**
 * A function that runs in processes of its own changes a global, an object or an argument, and its
 * parent reads that afterwards: each process has a copy, and the parent's stays as it was. Both
 * lines the agent read from the source; that the function was given to a process it saw.
 */
import { sitePart } from '../words/parts.ts';
import { factRule } from './python-facts.ts';
import type { Rule } from './finding.ts';

export const ownCopy: Rule = factRule({
  name: 'own-copy',
  description: 'What a function changes in a process of its own is read in another one.',
  fact: 'own-copy',
  severity: 'warning',
  isWrong: true,
  words(trace, [{ site, called, text }]) {
    const [path = '', fn = '', how = '', reader = ''] = text.split('|');
    return [
      `\`${fn}\` changes \`${path}\` at `,
      sitePart(trace, site),
      ` in ${how === 'the pool' ? 'the processes of the pool, each of which has a copy' : 'a process of its own, which has a copy'}: `,
      reader === '' || reader.startsWith('<') ? 'what is read at ' : `what \`${reader}\` reads at `,
      sitePart(trace, called),
      ' stays as it was. ',
      how === 'the pool'
        ? `Return it from \`${fn}\`, and put the results together in the parent.`
        : 'Send it back by a queue, or use what a `multiprocessing.Manager` or `Value` shares.',
    ];
  },
});
