/**
 * A module awaits, at its top level, the `import()` of one that imports it: neither goes on, and
 * the process ends with exit code 13. The agent found the way back in the modules' text; the trace
 * says that the module did wait for an import to the end.
 */
import { FACT } from '../format/kinds.ts';
import { openWaitOf } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { awaitedText, sitePart, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const moduleCycle: Rule = {
  name: 'module-cycle',
  description: 'A module waits for the import of another that waits for it.',
  start: (trace): RuleRun => ({
    findings: () =>
      trace.facts
        .filter(({ what, task }) => what === FACT['module-cycle'] && task >= 0)
        .flatMap((fact) => findingOf(trace, fact) ?? []),
  }),
};

/** Null: the module waits for something else, or no longer. */
function findingOf(trace: Trace, { task, text, called }: Fact): Finding | null {
  const row = trace.rowOf(task);
  const wait = openWaitOf(trace, row);
  if (wait === null) return null;
  const sites = [wait.site, ...(wait.awaitStack ?? [])].filter((site) => site >= 0);
  const site = sites.find((each) => trace.sites[each]!.text.includes('import('));
  if (site === undefined) return null;
  const names = text.split(' → ');
  const last = names.pop()!;
  const name = taskPart(trace, row);
  return {
    rule: moduleCycle.name,
    severity: 'error',
    words: [
      name,
      ' waits at ',
      sitePart(trace, site),
      ` for ${awaitedText(trace, site)}, and ${names.length > 0 ? `by way of ${names.join(', ')} ` : ''}`,
      `${last} imports `,
      name,
      ' and waits for it (',
      sitePart(trace, called),
      '): neither goes on. ',
      `Move what ${last} needs into a module that both import, or import it without a top-level await.`,
    ],
    sites: [site, called],
    tasks: [row],
    t: trace.endNs,
    sinceNs: wait.startNs,
    explainsEnd: true,
  };
}
