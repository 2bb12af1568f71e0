/**
 * Declarations one below the other, each of an awaited call that needs nothing of the one before,
 * become one declaration with `Promise.all`. The calls begin in the order in which they stand.
 */
import { noteAwaits } from '../../../runtime/agent/node/instrument/await-series.ts';
import { type Node, STATEMENT_LISTS, unwrapped } from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import type { SiteNote } from '../../../runtime/trace/format/enumerations.ts';
import type { MakeFixes, TextChange } from './fix.ts';
import { awaitAt, functionAround, type SourceFile } from './source-file.ts';

/** A longer line is broken. */
const MAX_COLUMNS = 100;

/** `const name = await operand;` */
interface AwaitedDeclaration {
  readonly statement: Node;
  readonly kind: string;
  readonly name: string;
  /** With its colon; null: none. */
  readonly type: Node | null;
  readonly operand: Node;
  readonly note: SiteNote;
}

export const awaitTogether: MakeFixes = ({ source, sites }) => {
  const changes = new Map<number, TextChange>();
  let calls = 0;
  for (const site of sites) {
    const path = awaitAt(source, site);
    if (path === null) continue;
    const list = path.findLast(({ type }) => STATEMENT_LISTS.has(type))!;
    const around = functionAround(path);
    const body: Node = around.type === 'Program' ? around : around['body'];
    const notes = noteAwaits(body, source.uses);
    for (const run of runsIn(source, statementsOf(list), notes)) {
      const first = run[0]!;
      const holdsSite = run.some(({ statement }) => path.includes(statement));
      if (!holdsSite || changes.has(first.statement.start)) continue;
      changes.set(first.statement.start, together(source, run));
      calls += run.length;
    }
  }
  if (changes.size === 0) return [];
  return [{ title: `Await these ${calls} together: \`Promise.all\``, changes: [...changes.values()] }];
};

const statementsOf = (list: Node): readonly Node[] => list['body'] ?? list['consequent'];

/** Neighbours of which each needs nothing of what the others give. */
function runsIn(
  source: SourceFile,
  statements: readonly Node[],
  notes: ReadonlyMap<Node, SiteNote>,
): AwaitedDeclaration[][] {
  const runs: AwaitedDeclaration[][] = [];
  let run: AwaitedDeclaration[] = [];
  const close = (): void => {
    if (run.length > 1) runs.push(run);
    run = [];
  };
  for (const statement of statements) {
    const declaration = declarationOf(source, statement, notes);
    if (declaration === null) close();
    else {
      const [first] = run;
      const goesOn =
        declaration.note === 'independent' &&
        first?.kind === declaration.kind &&
        (first.type === null) === (declaration.type === null);
      if (!goesOn) close();
      run.push(declaration);
    }
  }
  close();
  return runs;
}

function declarationOf(
  source: SourceFile,
  statement: Node,
  notes: ReadonlyMap<Node, SiteNote>,
): AwaitedDeclaration | null {
  if (statement.type !== 'VariableDeclaration' || statement['declarations'].length !== 1) return null;
  const { id, init } = statement['declarations'][0] as { id: Node; init: Node | null };
  const value = init === null ? null : unwrapped(init);
  if (value?.type !== 'AwaitExpression') return null;
  const note = notes.get(value);
  if (note === undefined) return null;
  const type: Node | null = id['typeAnnotation'] ?? null;
  const name = source.textOf({ start: id.start, end: type?.start ?? id.end }).trimEnd();
  return { statement, kind: statement['kind'], name, type, operand: value['argument'], note };
}

/** The run as one declaration. Comments between the statements stay between the calls. */
function together(source: SourceFile, run: readonly AwaitedDeclaration[]): TextChange {
  const first = run[0]!;
  const last = run.at(-1)!;
  const { start } = first.statement;
  const { end } = last.statement;
  const types = run.map(({ type }) => (type === null ? '' : source.textOf(type['typeAnnotation'] as Node)));
  const type = first.type === null ? '' : `: [${types.join(', ')}]`;
  const names = run.map(({ name }) => name).join(', ');
  const closing = source.text[end - 1] === ';' ? ';' : '';
  const operands = run.map(({ operand }) => source.textOf(operand));
  const gaps = run.map(({ statement }, i) => gapBehind(source, statement, run[i + 1]?.statement));
  const head = `${first.kind} [${names}]${type} = await Promise.all([`;
  const line = `${head}${operands.join(', ')}])${closing}`;
  const indent = source.indentAt(start);
  const fits = indent.length + line.length <= MAX_COLUMNS && !line.includes('\n');
  if (fits && gaps.every((gap) => gap.trim() === '')) return { start, end, text: line };
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = operands.map((operand, i) => {
    const gap = gaps[i]!;
    const isBlank = gap.trim() === '';
    return `${indent}  ${operand},${isBlank || i === operands.length - 1 ? '' : commentsOf(gap, indent)}`;
  });
  return { start, end, text: [head, ...lines, `${indent}])${closing}`].join(newline) };
}

/** What stands between two statements: blanks and comments. */
const gapBehind = (source: SourceFile, statement: Node, next: Node | undefined): string =>
  next === undefined ? '' : source.textOf({ start: statement.end, end: next.start });

/** Comments moved in with the calls, without the blanks before the next statement. */
const commentsOf = (gap: string, indent: string): string =>
  gap
    .trimEnd()
    .split('\n')
    .map((line, i) => (i === 0 ? line : `${indent}  ${line.trimStart()}`))
    .join('\n');
