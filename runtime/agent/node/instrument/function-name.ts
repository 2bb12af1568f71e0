/** The name a function has in a stack trace, as far as the text tells: what V8 infers, with the class before a method. */
import { type Node } from './syntax-tree.ts';

export const ANONYMOUS = '<anonymous>';

export function functionName(node: Node, parent: Node, className: string | null, source: string): string {
  const own: unknown = node['id']?.name;
  if (typeof own === 'string') return own;
  switch (parent.type) {
    case 'VariableDeclarator':
      return identifier(parent['id']);
    case 'AssignmentPattern':
      return identifier(parent['left']);
    case 'AssignmentExpression':
      return assigned(parent['left'], source);
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

/** Name of a class for its methods: its own, or that of the variable it is put in. */
export function className(node: Node, parent: Node): string | null {
  if (node['id']) return node['id'].name;
  if (parent.type === 'VariableDeclarator' && parent['id'].type === 'Identifier') return parent['id'].name;
  if (parent.type === 'ExportDefaultDeclaration') return 'default';
  return null;
}

function identifier(node: Node): string {
  return node.type === 'Identifier' ? node['name'] : ANONYMOUS;
}

function assigned(left: Node, source: string): string {
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
