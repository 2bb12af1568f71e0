/** `return load()` in a `try` becomes `return await load()`: its `catch` then sees the error. */
import { SITE_NOTE, SITE_ROLE } from '../../../runtime/trace/format/kinds.ts';
import type { Node } from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import { insertion, type MakeFixes } from './fix.ts';
import { mayAwait, reads } from './source-file.ts';

/** What `await` takes without parentheses. */
const TIGHT: ReadonlySet<string> = new Set([
  ...['CallExpression', 'MemberExpression', 'ChainExpression', 'NewExpression', 'Identifier'],
  ...['ParenthesizedExpression', 'ThisExpression', 'TaggedTemplateExpression', 'ImportExpression'],
]);

export const returnAwait: MakeFixes = ({ source, sites: [site] }) => {
  if (site === undefined || site.role !== SITE_ROLE.return || site.note !== SITE_NOTE['in-try']) return [];
  const path = source.pathTo(source.offsetOf(site), ({ type }) => type === 'ReturnStatement');
  const operand: Node | null | undefined = path?.at(-1)?.['argument'];
  if (path == null || operand == null) return [];
  if (!reads(source, operand, site) || !mayAwait(source, path)) return [];
  const changes = TIGHT.has(operand.type)
    ? [insertion(operand.start, 'await ')]
    : [insertion(operand.start, 'await ('), insertion(operand.end, ')')];
  return [{ title: 'Write `return await`', changes }];
};
