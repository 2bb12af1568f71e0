/**
 * Where an async function is given an AbortSignal, and where somebody looks whether it is aborted:
 * `async (rows, { signal }) => …`, `signal.aborted`, `options.signal.throwIfAborted()`. By names;
 * the probes look whether it is one.
 */
import { type Path, pathOf, textOf, type UpdateStep } from './shared-cells.ts';
import { eachChild, type Node, unwrapped } from './syntax-tree.ts';

const NAMED = /signal$/i;

const LOOKS = /\.(?:aborted|throwIfAborted)\b/;

/** What computes with a value; nothing assigns there, and no call takes it for `this`. */
const READERS: ReadonlySet<string> = new Set([
  ...['IfStatement', 'WhileStatement', 'DoWhileStatement', 'ForStatement', 'ReturnStatement'],
  ...['LogicalExpression', 'ConditionalExpression', 'BinaryExpression', 'VariableDeclarator'],
]);

const stepOf = (how: 'given' | 'looks', path: Path): UpdateStep => ({
  how,
  name: textOf(path),
  keys: path.keys,
  root: path.root,
});

/** The parameter of a function that is a signal, or has one; null: none does by its name. */
export function givenSignal(fn: Node, source: string): UpdateStep | null {
  const body: Node = fn['body'];
  for (const each of fn['params'] as Node[]) {
    const parameter = each.type === 'AssignmentPattern' ? (each['left'] as Node) : each;
    if (parameter.type === 'Identifier') {
      const root: string = parameter['name'];
      if (NAMED.test(root)) return stepOf('given', { root, keys: [] });
      const name = new RegExp(`(?<![\\w$.])${root.replaceAll('$', '\\$')}\\??\\.signal\\b`);
      if (name.test(source.slice(body.start, body.end))) return stepOf('given', { root, keys: ['signal'] });
    } else if (parameter.type === 'ObjectPattern') {
      for (const property of parameter['properties'] as Node[]) {
        if (property.type !== 'Property') continue;
        const value: Node = property['value'];
        const bound = value.type === 'AssignmentPattern' ? (value['left'] as Node) : value;
        if (bound.type === 'Identifier' && NAMED.test(bound['name']))
          return stepOf('given', { root: bound['name'], keys: [] });
      }
    }
  }
  return null;
}

/** The expressions that look at a signal, with the probe that each gets. */
export function signalLooks(program: Node, source: string): ReadonlyMap<Node, UpdateStep> {
  const looks = new Map<Node, UpdateStep>();
  if (!LOOKS.test(source)) return looks;
  const visit = (node: Node, parent: Node): void => {
    const signal = lookedAt(node, parent);
    if (signal !== null) looks.set(node, stepOf('looks', signal));
    eachChild(node, (child) => {
      visit(child, node);
    });
  };
  eachChild(program, (child) => {
    visit(child, program);
  });
  return looks;
}

function lookedAt(node: Node, parent: Node): Path | null {
  const inner: Node = node.type === 'ChainExpression' ? node['expression'] : node;
  // The chain as a whole is what gets the probe.
  if (parent.type === 'ChainExpression') return null;
  if (inner.type === 'CallExpression')
    return parent.type === 'ExpressionStatement'
      ? ownerOf(unwrapped(inner['callee']), 'throwIfAborted')
      : null;
  const isRead =
    READERS.has(parent.type) || (parent.type === 'UnaryExpression' && parent['operator'] === '!');
  return isRead ? ownerOf(inner, 'aborted') : null;
}

/** The object of a property of this name. */
function ownerOf(member: Node, name: string): Path | null {
  if (member.type !== 'MemberExpression' || member['computed'] === true) return null;
  return member['property']['name'] === name ? pathOf(unwrapped(member['object'])) : null;
}
