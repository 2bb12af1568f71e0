/**
 * Syntax that the parser knows and this Node does not. Such a file is an error, and Node shows the
 * line that it was given: that must be the user's own.
 */
import { eachChild, type Node } from './syntax-tree.ts';

/** What V8 is asked for. */
export interface V8Syntax {
  /** It has `using`: V8 13.4, Node 24. */
  readonly using: boolean;
}

/** Where none of these is in the text, no tree is walked. A comment's `@param` is none. */
const MAYBE = /\busing\b|\bimport\s+(?:defer|source)\b|\(\?[a-z-]+:|\(\?<\w|^(?!\s*\*)[^'"`\n]*@[\w$(]/m;

/** In words; null: V8 knows all of it. */
export function unknownSyntax(source: string, program: Node, v8: V8Syntax): string | null {
  return MAYBE.test(source) ? unknownIn(program, v8) : null;
}

function unknownIn(node: Node, v8: V8Syntax): string | null {
  let found: string | null = null;
  eachChild(node, (child) => {
    found ??= nameOfUnknown(child, v8) ?? unknownIn(child, v8);
  });
  return found;
}

function nameOfUnknown(node: Node, v8: V8Syntax): string | null {
  switch (node.type) {
    case 'VariableDeclaration':
      return !v8.using && String(node['kind']).endsWith('using') ? 'a `using` declaration' : null;
    case 'Decorator':
      return 'a decorator';
    case 'ImportDeclaration':
    case 'ImportExpression':
      return typeof node['phase'] === 'string' ? `an \`import ${node['phase']}\`` : null;
    case 'Literal':
      return isUnknownPattern(node['regex']) ? 'a pattern' : null;
    default:
      return null;
  }
}

function isUnknownPattern(regex: unknown): boolean {
  if (typeof regex !== 'object' || regex === null) return false;
  const { pattern, flags } = regex as { readonly pattern: string; readonly flags: string };
  try {
    return !new RegExp(pattern, flags);
  } catch {
    return true;
  }
}

/** @param version that of V8 */
export function syntaxOfV8(version: string): V8Syntax {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { using: major > 13 || (major === 13 && minor >= 4) };
}
