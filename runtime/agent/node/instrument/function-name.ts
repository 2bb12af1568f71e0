/**
 * The name of a function in a stack trace, as far as the text tells: the name that V8 infers, with
 * the class before a method.
 */
import { isExecutor } from './executor.ts';
import { type Node } from './syntax-tree.ts';

export const ANONYMOUS = '<anonymous>';

export function functionName(node: Node, parent: Node, className: string | null, source: string): string {
  const ownName: unknown = node['id']?.name;
  if (typeof ownName === 'string') return ownName;
  switch (parent.type) {
    case 'VariableDeclarator':
      return identifierName(parent['id']);
    case 'AssignmentPattern':
      return identifierName(parent['left']);
    case 'AssignmentExpression':
      return assignedName(parent['left'], source);
    case 'Property':
      return keyName(parent, source) ?? ANONYMOUS;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty': {
      const key = keyName(parent, source);
      if (key === null) return ANONYMOUS;
      return className === null ? key : `${className}.${key}`;
    }
    case 'ExportDefaultDeclaration':
      return 'default';
    case 'ParenthesizedExpression':
    default:
      return ANONYMOUS;
  }
}

/**
 * The same; an async function that a `new Promise` is given goes by the one around it: "executor of
 * load".
 */
export function nameWithin(
  node: Node,
  parent: Node,
  around: { readonly fn: string; readonly className: string | null },
  source: string,
): string {
  const name = functionName(node, parent, around.className, source);
  const isOfExecutor = name === ANONYMOUS && node['async'] === true && isExecutor(node, parent);
  return isOfExecutor && isNamed(around.fn) ? `executor of ${around.fn}` : name;
}

/** "skipBlanks.transform": what a function may be to a stream that the function around it makes. */
export function streamMethodName(node: Node, around: string): string {
  const method = (node['params'] as Node[]).length === 1 ? 'flush' : 'transform';
  return isNamed(around) ? `${around}.${method}` : method;
}

const isNamed = (fn: string): boolean => fn !== '' && !fn.startsWith('<');

/**
 * The class name that its methods show: its own, or that of the variable that it is assigned to.
 */
export function className(node: Node, parent: Node): string | null {
  if (node['id']) return node['id'].name;
  if (parent.type === 'VariableDeclarator' && parent['id'].type === 'Identifier') return parent['id'].name;
  if (parent.type === 'ExportDefaultDeclaration') return 'default';
  return null;
}

function identifierName(node: Node): string {
  return node.type === 'Identifier' ? node['name'] : ANONYMOUS;
}

function assignedName(left: Node, source: string): string {
  if (left.type === 'Identifier') return left['name'];
  if (left.type !== 'MemberExpression' || left['computed']) return ANONYMOUS;
  const text = source.slice(left.start, left.end);
  return /^[\w$.#]+$/.test(text) && text.length <= 60 ? text : left['property'].name;
}

function keyName(member: Node, source: string): string | null {
  const key: Node = member['key'];
  if (key.type === 'PrivateIdentifier') return `#${key['name']}`;
  if (!member['computed'] && key.type === 'Identifier') return key['name'];
  if (key.type === 'Literal') return String(key['value']);
  return member['computed']
    ? `[${source.slice(key.start, key.end).replace(/\s+/g, ' ').slice(0, 40)}]`
    : null;
}
