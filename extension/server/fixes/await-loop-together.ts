/**
 * A loop whose turns need nothing of each other, with one awaited call in each, gets its values
 * from a `Promise.all` in its head. The rest of a turn stays as it is and in its order:
 *
 *     for (const id of ids) {            for (const [id, row] of await Promise.all(
 *       const row = await load(id);        Array.from(ids, async (id) => [id, await load(id)]),
 *       rows.push(row);                  )) {
 *     }                                    rows.push(row);
 *                                        }
 *
 * It refuses loops that await more than one thing, or only sometimes, and calls that use what the
 * turn has made before.
 */
import { noteAwaits } from '../../../runtime/agent/node/instrument/await-series.ts';
import {
  assignmentOf,
  boundNames,
  namesIn,
  usesAny,
} from '../../../runtime/agent/node/instrument/name-uses.ts';
import {
  eachOperand,
  isFunction,
  type Node,
  unwrapped,
} from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import type { MakeFixes, TextChange } from './fix.ts';
import { awaitAt, functionAround, type NodePath, type SourceFile } from './source-file.ts';

/** What the turns are made from: `for (const NAME of …)`. */
interface Head {
  /** The loop's variable, as it is declared. */
  readonly name: string;
  readonly names: readonly string[];
  /** What `Array.from` is given, and the parameters of its function. */
  readonly items: string;
  readonly parameters: string;
  readonly end: number;
}

export const awaitLoopTogether: MakeFixes = ({ source, sites: [site, ...others] }) => {
  if (site === undefined || others.length > 0) return [];
  const path = awaitAt(source, site);
  const parts = path === null ? null : partsOf(path);
  if (path === null || parts === null) return [];
  const { loop, statement, awaited } = parts;
  const around = functionAround(path);
  const notes = noteAwaits(around.type === 'Program' ? around : around['body'], source.uses);
  if (notes.get(awaited) !== 'in-loop' || countAwaits(loop['body']) !== 1) return [];
  const head = headOf(source, loop);
  if (head === null) return [];
  const operand: Node = awaited['argument'];
  if (usesAny(namesIn(operand), namesMadeIn(loop, statement)) || namesIn(operand).has('arguments')) return [];
  return [
    {
      title: 'Begin the calls of all turns, then await them together: `Promise.all`',
      changes: changesOf(source, head, parts),
    },
  ];
};

interface LoopParts {
  readonly loop: Node;
  /** The statement of the loop's body that holds the await. */
  readonly statement: Node;
  readonly awaited: Node;
}

/** Null: the await is not in every turn. */
function partsOf(path: NodePath): LoopParts | null {
  const awaited = path.at(-1)!;
  const at = path.findLastIndex(({ type }) => type === 'ForOfStatement' || type === 'ForStatement');
  const loop = path[at];
  if (loop === undefined || loop['await'] === true || path[at + 1] !== loop['body']) return null;
  const isBlock = loop['body'].type === 'BlockStatement';
  const statement = path[at + (isBlock ? 2 : 1)];
  if (!isBlock || statement === undefined) return null;
  if (statement.type !== 'ExpressionStatement' && statement.type !== 'VariableDeclaration') return null;
  const between = path.slice(at + 2, -1);
  const isConditional = between.some(
    ({ type }) =>
      type === 'ConditionalExpression' || type === 'LogicalExpression' || type === 'AssignmentPattern',
  );
  return isConditional || between.some(isFunction) ? null : { loop, statement, awaited };
}

function headOf(source: SourceFile, loop: Node): Head | null {
  const body: Node = loop['body'];
  if (loop.type === 'ForOfStatement') {
    const { left, right } = loop as unknown as { left: Node; right: Node };
    if (left.type !== 'VariableDeclaration' || left['kind'] === 'var') return null;
    const id: Node = left['declarations'][0].id;
    if (id['typeAnnotation'] != null || id.type !== 'Identifier') return null;
    const name = source.textOf(id);
    return { name, names: boundNames(id), items: source.textOf(right), parameters: name, end: body.start };
  }
  const counted = countedHead(source, loop);
  return counted === null ? null : { ...counted, end: body.start };
}

/** `for (let i = 0; i < COUNT; i++)`, where nothing in the loop gives `i` another value. */
function countedHead(source: SourceFile, loop: Node): Omit<Head, 'end'> | null {
  const { init, test, update, body } = loop as unknown as Record<string, Node | null>;
  if (init?.type !== 'VariableDeclaration' || init['kind'] !== 'let' || init['declarations'].length !== 1)
    return null;
  const { id, init: first } = init['declarations'][0] as { id: Node; init: Node | null };
  const name = id.type === 'Identifier' && id['typeAnnotation'] == null ? source.textOf(id) : null;
  if (name === null || first?.type !== 'Literal' || first['value'] !== 0) return null;
  const isOfName = (node: Node | undefined): boolean => node?.type === 'Identifier' && node['name'] === name;
  if (test?.type !== 'BinaryExpression' || test['operator'] !== '<' || !isOfName(test['left'])) return null;
  if (update?.type !== 'UpdateExpression' || update['operator'] !== '++' || !isOfName(update['argument']))
    return null;
  if (assignedIn(body!).has(name) || usesAny(namesIn(test['right']), assignedIn(body!))) return null;
  const count = source.textOf(test['right'] as Node);
  return { name, names: [name], items: `{ length: ${count} }`, parameters: `_, ${name}` };
}

/** Names that the turn declares or assigns before this statement, and in it. */
function namesMadeIn(loop: Node, statement: Node): Set<string> {
  const made = new Set<string>();
  for (const each of loop['body']['body'] as readonly Node[]) {
    for (const name of assignedIn(each)) made.add(name);
    if (each === statement) break;
  }
  return made;
}

function assignedIn(node: Node): Set<string> {
  const names = new Set<string>();
  const visit = (each: Node): void => {
    for (const name of assignmentOf(each)?.names ?? []) names.add(name);
    eachOperand(each, visit);
  };
  visit(node);
  return names;
}

function countAwaits(node: Node): number {
  let count =
    node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node['await'] === true) ? 1 : 0;
  eachOperand(node, (child) => {
    if (!isFunction(child)) count += countAwaits(child);
  });
  return count;
}

function changesOf(source: SourceFile, head: Head, { loop, statement, awaited }: LoopParts): TextChange[] {
  const declared = declaredName(source, statement, awaited);
  const value = declared ?? freeName(source);
  const call = source.textOf(awaited['argument'] as Node);
  const constant = source.isTypeScript ? ' as const' : '';
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = source.indentAt(loop.start);
  const turns =
    `for (const [${head.name}, ${value}] of await Promise.all(${newline}` +
    `${indent}  Array.from(${head.items}, async (${head.parameters}) => ` +
    `[${head.name}, await ${call}]${constant}),${newline}${indent})) `;
  const inTurn: TextChange =
    declared === null
      ? { start: awaited.start, end: awaited.end, text: value }
      : { ...statementLine(source, statement), text: '' };
  return [{ start: loop.start, end: head.end, text: turns }, inTurn];
}

/** The name of `const NAME = await …`, which the head declares instead; null: another form. */
function declaredName(source: SourceFile, statement: Node, awaited: Node): string | null {
  if (statement.type !== 'VariableDeclaration' || statement['kind'] !== 'const') return null;
  if (statement['declarations'].length !== 1) return null;
  const { id, init } = statement['declarations'][0] as { id: Node; init: Node };
  if (unwrapped(init) !== awaited || id['typeAnnotation'] != null) return null;
  return source.textOf(id);
}

/** A name that the file does not use. */
function freeName(source: SourceFile): string {
  const used = namesIn(source.program);
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'awaited' : `awaited${i}`;
    if (!used.has(name)) return name;
  }
}

/** A statement with the blanks before it and its line's end, where it has its line for itself. */
function statementLine(source: SourceFile, { start, end }: Node): { start: number; end: number } {
  const { text } = source;
  let from = start;
  while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  let to = end;
  while (text[to] === ' ' || text[to] === '\t') to++;
  const isAlone = text[from - 1] === '\n' && (text[to] === '\n' || text[to] === '\r');
  if (!isAlone) return { start, end };
  return { start: from, end: to + (text[to] === '\r' ? 2 : 1) };
}
