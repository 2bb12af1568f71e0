/** What questions are answered from, of records that a test writes as text. */
import { fromText } from '../../runtime/trace/format/text.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { pieceNs, type Piece } from '../../runtime/trace/graph/piece.ts';
import { displayPlace } from '../../runtime/trace/model/display-path.ts';
import { isRefusal, type Refusal } from '../../runtime/trace/queries/about.ts';
import { type QuerySource, startQueries } from '../../runtime/trace/queries/query-source.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { describeTarget } from '../../runtime/trace/words/wait.ts';

/**
 * @param parts the text of each process's records
 * @throws Error when the records break a rule of the state machine
 */
export function querySourceOf(...parts: readonly string[]): QuerySource {
  const trace = new Trace();
  const queries = startQueries(trace, { hasProof: true });
  const fold = new Fold(queries.observers, trace);
  parts.forEach((text, i) => {
    fold.feed(i, fromText(text));
  });
  fold.end();
  if (trace.problemCount > 0) throw new Error(trace.problems.join('\n'));
  return queries.source([]);
}

/** "100 main waits a.ts:3 for I/O": how long, in ns, who, and what. */
export function pieceText({ trace }: QuerySource, piece: Piece): string {
  const site = trace.sites[piece.site];
  const at = site === undefined ? '' : ` ${displayPlace(site)}`;
  const { reason, target } = piece;
  const what = piece.kind === 'wait' ? plain(describeTarget(trace, { reason, target, site: -1 })) : '';
  const callee = piece.callee === undefined ? '' : ` in ${piece.callee}`;
  return `${pieceNs(piece)} ${trace.labelOf(piece.row)} ${piece.kind}${at}${what}${callee}`;
}

/** @throws Error: the trace cannot answer */
export function unrefused<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(answer.refusal);
  return answer;
}
