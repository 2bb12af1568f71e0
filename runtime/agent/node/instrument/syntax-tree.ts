/**
 * The part of ESTree that the instrumentation needs. Nodes are read, never changed or made. Every
 * field is read by name where it is used: fields that a newer parser adds are ignored.
 */
export interface Node {
  readonly type: string;
  /** UTF-16 offsets into the source. */
  readonly start: number;
  readonly end: number;
  // ESTree's union has 180 members: each reader names the fields that it needs.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

export interface ParsedFile {
  readonly program: Node;
  /** First message of the parser, or null. Node reports the errors of such a file to the user. */
  readonly error: string | null;
}

export type Language = 'js' | 'jsx' | 'ts' | 'tsx';
/** What a text is to V8: a `commonjs` text is the body of a function. */
export type Goal = 'module' | 'commonjs' | 'script';
export type Parse = (path: string, source: string, lang: Language, goal: Goal) => ParsedFile;

/** Calls `each` for every child node in the parser's order, which is nearly that of the source. */
export function eachChild(node: Node, each: (child: Node, field: string) => void): void {
  for (const field in node) {
    const value: unknown = node[field];
    if (value === null || typeof value !== 'object') continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) each(item, field);
    } else if (isNode(value)) each(value, field);
  }
}

export function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** Looks through the parentheses that the parser keeps. */
export function unwrapped(node: Node): Node {
  while (node.type === 'ParenthesizedExpression') node = node['expression'];
  return node;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** `f()` of `void f()`. */
export const withoutVoid = (node: Node): Node =>
  node.type === 'UnaryExpression' && node['operator'] === 'void' ? (node['argument'] as Node) : node;

export const isArrow = ({ type }: Node): boolean => type === 'ArrowFunctionExpression';

export function isCall({ type }: Node): boolean {
  return type === 'CallExpression' || type === 'NewExpression';
}

/** Nodes that hold statements. */
export const STATEMENT_LISTS: ReadonlySet<string> = new Set([
  'Program',
  'BlockStatement',
  'FunctionBody',
  'StaticBlock',
  'SwitchCase',
]);

/** Statements that may end where a line does. */
export const ENDS_WITHOUT_SEMICOLON: ReadonlySet<string> = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
]);

/** Children that are evaluated: neither types nor names of members. */
export function eachOperand(node: Node, each: (child: Node, field: string) => void): void {
  eachChild(node, (child, field) => {
    const { type } = child;
    if (type[0] === 'T' && type[1] === 'S' && !/Expression$|Assertion$/.test(type)) return;
    const isMemberName =
      (field === 'property' || field === 'key') && node['computed'] !== true && node['shorthand'] !== true;
    if (!isMemberName) each(child, field);
  });
}
