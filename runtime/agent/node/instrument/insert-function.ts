/** The probes at the begin and the end of a module and of an async function. */
import type { Inserter, Scope } from './inserter.ts';
import type { Node } from './syntax-tree.ts';

/**
 * A module that awaits at its top level is an activation itself. `visitBody` visits its statements.
 */
export function insertModule(
  { edits, sites, names }: Inserter,
  statements: readonly Node[],
  scope: Scope,
  visitBody: () => void,
): void {
  const { probes, activation, base } = names;
  const first = statements[0]!;
  const site = sites.add('function', first.start, scope.fn, null);
  edits.insert(first.start, `const ${activation} = ${probes}.enter(${base}(), ${site}); `);
  visitBody();
  const { end } = statements.at(-1)!;
  edits.insert(end, `; ${probes}.done(${activation}); ${probes}.exit(${activation});`);
}

/** `async … { … }` */
export function insertBlockBody(inserter: Inserter, node: Node, body: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation, base } = inserter.names;
  const site = sites.add('function', node.start, scope.fn, null, node['generator'] === true);
  const { at, separator } = afterDirectives(body, edits.source);
  const enter = `const ${activation} = ${probes}.enter(${base}(), ${site})`;
  edits.insert(at, `${separator} ${enter}; try {`);
  inserter.visitChildren(body, scope);
  const last: Node | undefined = body['body'].at(-1);
  const leaves = last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
  const done = leaves ? '' : `; ${probes}.done(${activation});`;
  edits.insert(body.end - 1, `${done} } finally { ${probes}.exit(${activation}); } `);
}

/** `async () => E` */
export function insertExpressionBody(inserter: Inserter, node: Node, body: Node, scope: Scope): void {
  const { edits, sites } = inserter;
  const { probes, activation, base } = inserter.names;
  const site = sites.add('function', node.start, scope.fn, null);
  const returned = sites.add('return', body.start, scope.fn, body);
  const enter = `const ${activation} = ${probes}.enter(${base}(), ${site})`;
  edits.insert(body.start, `{ ${enter}; try { return ${probes}.ret(${activation}, ${returned}, `);
  inserter.visit(body, node, scope);
  edits.insert(body.end, `); } finally { ${probes}.exit(${activation}); } }`);
}

/** Where the own statements of a body begin: directives must stay first. */
function afterDirectives(body: Node, source: string): { at: number; separator: string } {
  let last: Node | null = null;
  for (const statement of body['body'] as Node[]) {
    // TypeScript's tree has `directive: null` on every expression statement: look at the value.
    if (statement['directive'] == null) break;
    last = statement;
  }
  if (last === null) return { at: body.start + 1, separator: '' };
  return { at: last.end, separator: source[last.end - 1] === ';' ? '' : ';' };
}
