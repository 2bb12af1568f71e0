/**
 * A child process that waits for the rest of its input: the program wrote to its stdin, did not end
 * it, and waits for the child to end. A child that is traced says itself that it still reads; of
 * another one it is told only where the program waits for the end of a child.
 *
 * Refuted by a child that answers each line and is meant to go on: then the program waits for the
 * answer, and not for the child's end.
 */
import { FACT } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { sitePart } from '../words/parts.ts';
import { childFinding, quietChildren, type QuietChild } from './child-pipes.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { OwnEnds } from './own-end.ts';
import { lastReport } from './quiet-reports.ts';

export const unendedInput: Rule = {
  name: 'unended-input',
  description: 'A child process waited for the end of its input, and the program for the child.',
  start(trace, gaps): RuleRun {
    const ends = new OwnEnds(trace);
    return {
      processInterrupted: (process) => ends.processInterrupted(process),
      findings: () => [
        ...trace.processes.flatMap((process) =>
          quietChildren(trace, gaps, process, OPEN_INPUT).flatMap((child) => findingOf(trace, child) ?? []),
        ),
        ...ends.findings(unendedInput.name),
      ],
    };
  },
};

const OPEN_INPUT = /^the child process \d* with an open stdin \((\d+ bytes?) written\)/;
const END_EVENT = /^event (close|exit|end)$/;
const END_TEXT = /['"`](close|exit|end)['"`]/;

/** Null: that the child waits for its input is not known. */
function findingOf(trace: Trace, child: QuietChild): Finding | null {
  const { fact, pid, wait } = child;
  if (wait === undefined) return null;
  const reader = readerOf(trace, pid, child.t);
  if (reader === null && !isForTheEnd(trace, child)) return null;
  const [, written = ''] = OPEN_INPUT.exec(fact.text)!;
  const reads =
    reader === null
      ? ' has not ended'
      : reader.site < 0
        ? ' still reads its input'
        : [' still reads its input, since ', sitePart(trace, reader.site)];
  return childFinding(trace, child, {
    rule: unendedInput.name,
    why: [
      ...(typeof reads === 'string' ? [reads] : reads),
      `: it was given ${written} on its stdin, and no end`,
    ],
    mend: 'Call `stdin.end()` once all is written.',
    ...(reader === null ? {} : { sites: [reader.site] }),
  });
}

/** What a traced child says of its stdin while nothing happens; null: nothing, or not traced. */
function readerOf(trace: Trace, pid: string, t: number): Fact | null {
  const process = trace.processes.find((each) => String(each.pid) === pid);
  if (process === undefined) return null;
  const said = lastReport(trace, process, 0, t);
  return said.find(({ what, text }) => what === FACT['keeps-alive'] && text === 'standard input') ?? null;
}

/** The program waits for the end of a child or of its output, and the child says nothing itself. */
function isForTheEnd(trace: Trace, { pid, wait }: QuietChild): boolean {
  if (trace.processes.some((each) => String(each.pid) === pid)) return false;
  const resource = trace.resources[resourceOfTarget(wait!.target)];
  return END_EVENT.test(resource?.name ?? '') || END_TEXT.test(trace.sites[wait!.site]?.text ?? '');
}
