/**
 * A promise that was dropped: `await` waits for it, `void` says that it goes on by itself.
 * `xs.forEach(async …)` becomes `await Promise.all(xs.map(async …))`.
 */
import { isFunction, type Node } from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import { SITE_ROLE } from '../../../runtime/trace/format/kinds.ts';
import type { SiteInfo } from '../../../runtime/trace/model/trace.ts';
import { type Fix, insertion, type MakeFixes } from './fix.ts';
import { mayAwait, reads, type SourceFile } from './source-file.ts';

export const awaitOrVoid: MakeFixes = ({ source, sites: [site] }) => {
  if (site === undefined) return [];
  return site.role === SITE_ROLE.function ? ofCallback(source, site) : ofCall(source, site);
};

/** A call whose statement is nothing but the call. */
function ofCall(source: SourceFile, site: SiteInfo): readonly Fix[] {
  const path = source.pathTo(source.offsetOf(site), ({ type }) => type === 'ExpressionStatement');
  const statement = path?.at(-1);
  if (path == null || statement === undefined) return [];
  const { expression } = statement as unknown as { readonly expression: Node };
  if (expression.type !== 'CallExpression' && expression.type !== 'ChainExpression') return [];
  if (!reads(source, expression, site)) return [];
  const at = expression.start;
  return [
    ...(mayAwait(source, path)
      ? [{ title: 'Wait for it: `await`', changes: [insertion(at, 'await ')] }]
      : []),
    { title: 'Let it go on by itself: `void`', changes: [insertion(at, 'void ')] },
  ];
}

/** `xs.forEach(fn)` as a statement, without a second argument. */
function ofCallback(source: SourceFile, site: SiteInfo): readonly Fix[] {
  const path = source.pathTo(source.offsetOf(site), isFunction);
  if (path === null) return [];
  const [statement, call, fn] = path.slice(-3) as [Node, Node, Node];
  if (statement.type !== 'ExpressionStatement' || call.type !== 'CallExpression') return [];
  const callee: Node = call['callee'];
  if (callee.type !== 'MemberExpression' || callee['computed'] === true || callee['optional'] === true)
    return [];
  const property: Node = callee['property'];
  const given: readonly Node[] = call['arguments'];
  if (property['name'] !== 'forEach' || given.length !== 1 || given[0] !== fn) return [];
  if (!reads(source, callee, site) || !mayAwait(source, path.slice(0, -1))) return [];
  return [
    {
      title: 'Wait for all: `await Promise.all(….map(…))`',
      changes: [
        insertion(call.start, 'await Promise.all('),
        { start: property.start, end: property.end, text: 'map' },
        insertion(call.end, ')'),
      ],
    },
  ];
}
