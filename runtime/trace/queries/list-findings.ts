/** `findings`: everything that was found, the gravest first. */
import { count } from '../words/duration.ts';
import type { Answer } from './answer.ts';
import { causeOf, isCause } from './causes.ts';
import type { QuerySource } from './query-source.ts';
import { unseenOf } from './unseen.ts';
import { verdictOf } from './why.ts';

export function listFindings(source: QuerySource): Answer {
  const found = source.findings.filter(isCause);
  const notes = found.filter(({ severity }) => severity === 'info').length;
  const nothing = notes === 0 ? 'Nothing was found.' : `Nothing to mend was found; ${count(notes, 'note')}.`;
  return {
    verdict: verdictOf(found) ?? [nothing],
    causes: found.map((finding) => causeOf(source, finding)),
    where: [],
    wholeNs: 0,
    unseen: unseenOf(source),
  };
}
