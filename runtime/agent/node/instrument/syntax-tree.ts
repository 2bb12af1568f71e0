/**
 * The little of ESTree that the instrumentation needs to know. Nodes are read, never changed or made; every
 * field is looked at by name where it is used, so a field that a newer parser adds is simply not seen.
 */
export interface Node {
  readonly type: string;
  /** UTF-16 offsets into the source. */
  readonly start: number;
  readonly end: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- ESTree's union has 180 members; each reader names the fields it needs
  readonly [field: string]: any;
}

export interface ParsedFile {
  readonly program: Node;
  /** First message of the parser, or null. A file with errors is left to Node to complain about. */
  readonly error: string | null;
}

export type Language = 'js' | 'jsx' | 'ts' | 'tsx';
export type Parse = (path: string, source: string, lang: Language, kind: 'module' | 'commonjs') => ParsedFile;

/** Calls `each` for every child node, in the order the parser lists them (nearly that of the source). */
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
