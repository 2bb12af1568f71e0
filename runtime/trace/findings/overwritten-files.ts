/**
 * A run read a file and wrote it as a whole, though another run had written it in between: what
 * that one wrote is gone. Refuted by a file whose new content needs nothing of the old one.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 10;
const MAX_TASKS = 20;
const NS_OF_US = 1000;

/** Times are ns from the trace's start. */
interface Use {
  readonly row: number;
  readonly site: number;
  readonly t: number;
  readonly event: Fact['event'];
}

/** A write over what another run had written since its own read. */
interface Overwrite {
  readonly read: Use;
  readonly other: Use;
  readonly write: Use;
}

export function overwrittenFiles(trace: Trace): Omit<Finding, 'rule'>[] {
  const byFile = new Map<string, Fact[]>();
  for (const fact of trace.facts) {
    if (fact.what !== FACT['file-read'] && fact.what !== FACT['file-written']) continue;
    const key = `${fact.process} ${fact.text}`;
    const facts = byFile.get(key);
    if (facts) facts.push(fact);
    else byFile.set(key, [fact]);
  }
  return [...byFile.values()]
    .flatMap((facts) => {
      const overwrites = overwritesOf(trace, facts);
      return overwrites.length === 0 ? [] : [findingOf(trace, facts[0]!.text, overwrites)];
    })
    .slice(0, MAX_FINDINGS);
}

/** @param facts of one file, in the order of time */
function overwritesOf(trace: Trace, facts: readonly Fact[]): Overwrite[] {
  const reads = new Map<number, Use>();
  const writes: Use[] = [];
  const found: Overwrite[] = [];
  for (const { what, task, site, t, amount, event } of facts) {
    if (task < 0) continue;
    const row = trace.rowOf(task);
    if (what === FACT['file-read']) {
      reads.set(row, { row, site, t: t - amount * NS_OF_US, event });
      continue;
    }
    const write = { row, site, t, event };
    const read = reads.get(row);
    const other = read && writes.findLast((each) => each.row !== row && each.t > read.t);
    if (read && read.site >= 0 && other) found.push({ read, other, write });
    reads.delete(row);
    writes.push(write);
  }
  return found;
}

function findingOf(trace: Trace, path: string, overwrites: readonly Overwrite[]): Omit<Finding, 'rule'> {
  const [{ read, other, write }] = overwrites as readonly [Overwrite, ...Overwrite[]];
  const others = overwrites.length - 1;
  const words: SentencePart[] = [
    taskPart(trace, write.row),
    ` read ${path.split(/[\\/]/).at(-1)} at `,
    sitePart(trace, read.site),
    ' and wrote all of it at ',
    sitePart(trace, write.site),
    ', though ',
    taskPart(trace, other.row),
    ' had written it in between: what that one wrote is lost',
    others > 0 ? `, as at least ${count(others, 'other time')}. ` : '. ',
    'Let one run at a time read and write it, or read it again just before.',
  ];
  return {
    severity: 'warning',
    words,
    sites: [...new Set([write.site, read.site])],
    tasks: [...new Set(overwrites.flatMap((each) => [each.write.row, each.other.row]))].slice(0, MAX_TASKS),
    t: overwrites.at(-1)!.write.t,
    sinceNs: read.t,
    isWrong: true,
    events: [read, other, write].map(({ event }) => event),
  };
}
