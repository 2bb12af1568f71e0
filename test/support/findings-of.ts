/** What the rules find in records that a test writes as text, one line a finding. */
import { startRules } from '../../runtime/trace/findings/registry.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';

/**
 * @param parts the text of each process's records
 * @throws Error when the records break a rule of the state machine
 */
export function findingsOf(...parts: readonly string[]): string[] {
  const trace = new Trace();
  const rules = startRules(trace);
  const fold = new Fold(rules.observers, trace);
  parts.forEach((text, i) => {
    fold.feed(i, fromText(text));
  });
  if (trace.problemCount > 0) throw new Error(trace.problems.join('\n'));
  return rules.findings().map(({ severity, rule, words }) => `${severity} ${rule}: ${plain(words)}`);
}
