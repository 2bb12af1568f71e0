/** Asks a damaged trace every question, and says what is wrong with the answers. */
import { printableJson } from '../../runtime/trace/format/printable.ts';
import type { About, Refusal } from '../../runtime/trace/queries/about.ts';
import { isRefusal } from '../../runtime/trace/queries/about.ts';
import type { Answer } from '../../runtime/trace/queries/answer.ts';
import { DEFAULT_MAX_BYTES, makeAnswerJson } from '../../runtime/trace/queries/answer-json.ts';
import { answerLines } from '../../runtime/trace/queries/answer-lines.ts';
import { listFindings } from '../../runtime/trace/queries/list-findings.ts';
import { moment } from '../../runtime/trace/queries/moment.ts';
import type { QuerySource } from '../../runtime/trace/queries/query-source.ts';
import { path, why } from '../../runtime/trace/queries/why.ts';

/** Lines and tasks of each trace that are asked about. */
const MAX_ASKED = 5;
const MAX_PAGES = 20;

/** @returns what is wrong, a sentence each; none: nothing is */
export function wrongAnswers(source: QuerySource, check: (where: string, text: string) => void): string[] {
  const { trace } = source;
  const times = [0, trace.endNs / 2, trace.endNs].map(Math.round);
  const abouts: About[] = [
    { kind: 'all' },
    ...times.map((t): About => ({ kind: 'time', t })),
    ...trace.sites.slice(0, MAX_ASKED).map(({ file, line }): About => ({ kind: 'line', file, line })),
    ...Array.from({ length: Math.min(MAX_ASKED, trace.tasks.count) }, (_, task): About => ({
      kind: 'task',
      name: trace.idOf(task),
    })),
  ];
  return [
    ...abouts.flatMap((about) => [
      ...wrongAnswer(source, `why ${about.kind}`, why(source, about), check),
      ...wrongPath(source, about),
    ]),
    ...times.flatMap((t) => wrongAnswer(source, 'moment', moment(source, t), check)),
    ...wrongAnswer(source, 'findings', listFindings(source), check),
  ];
}

function wrongAnswer(
  { trace }: QuerySource,
  name: string,
  answer: Answer | Refusal,
  check: (where: string, text: string) => void,
): string[] {
  if (isRefusal(answer)) {
    check(name, answer.refusal);
    return [];
  }
  const complaints: string[] = [];
  for (const line of answerLines(trace, answer)) check(name, line);
  const sumNs = answer.where.reduce((sum, { ns }) => sum + ns, 0);
  if (Math.abs(sumNs - answer.wholeNs) > 1) complaints.push(`${name}: ${sumNs} is not ${answer.wholeNs}`);
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = makeAnswerJson(trace, answer, { cursor });
    if (page === null) return [...complaints, `${name}: its own cursor ${cursor} is refused`];
    const bytes = Buffer.byteLength(printableJson(JSON.stringify(page)));
    if (bytes > DEFAULT_MAX_BYTES) complaints.push(`${name}: a page of ${bytes} bytes`);
    if (page.cursor === cursor) complaints.push(`${name}: the cursor ${cursor} leads to itself`);
    if (page.cursor === null || page.cursor === cursor) break;
    ({ cursor } = page);
  }
  return complaints;
}

/** Pieces follow one another without a gap. */
function wrongPath(source: QuerySource, about: About): string[] {
  const pieces = path(source, about);
  if (isRefusal(pieces)) return [];
  return pieces.flatMap(({ fromNs, toNs }, i) => {
    const isNext = i === 0 || pieces[i - 1]!.toNs === fromNs;
    return isNext && fromNs < toNs ? [] : [`path ${about.kind}: piece ${i} is ${fromNs}–${toNs}`];
  });
}
