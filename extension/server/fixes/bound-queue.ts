/** A queue of the library gets a capacity: its `put` then waits for those that take from it. */
import type { Node } from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import { insertion, type MakeFixes } from './fix.ts';
import type { SourceFile } from './source-file.ts';

/** Room for bursts; what waits beyond that is held by those who put. */
const CAPACITY = 100;
const QUEUES: ReadonlySet<string> = new Set(['Queue', 'PriorityQueue', 'LifoQueue']);

export const boundQueue: MakeFixes = ({ source, sites: [site] }) => {
  if (site === undefined) return [];
  const made = queueAt(source, source.offsetOf(site));
  if (made === null) return [];
  const given: readonly Node[] = made['arguments'];
  const option = `capacity: ${CAPACITY}`;
  const title = `Bound the queue: \`${option}\``;
  // The parenthesis that ends the call.
  if (given.length === 0) return [{ title, changes: [insertion(made.end - 1, `{ ${option} }`)] }];
  const [options] = given as readonly [Node];
  if (given.length > 1 || options.type !== 'ObjectExpression') return [];
  const properties: readonly Node[] = options['properties'];
  const names = properties.map(({ type, key }) => (type === 'Property' ? key.name : undefined));
  // A spread may bring a capacity.
  if (names.includes(undefined) || names.includes('capacity')) return [];
  const [first] = properties;
  const change =
    first === undefined
      ? { start: options.start, end: options.end, text: `{ ${option} }` }
      : insertion(first.start, `${option}, `);
  return [{ title, changes: [change] }];
};

/** `new Queue(…)`; a stack names the place of the name or of `new`. */
function queueAt(source: SourceFile, offset: number): Node | null {
  const isQueue = ({ type, callee }: Node): boolean =>
    type === 'NewExpression' && QUEUES.has(callee.name ?? callee.property?.name);
  return source.pathTo(offset, isQueue)?.at(-1) ?? null;
}
