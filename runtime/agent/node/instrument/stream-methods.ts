/**
 * Functions that a stream calls to work for it, and that have to call back: methods of a class that
 * extends another, and functions among the options of a `new`. By their names alone: whether the
 * object is a stream shows when they are called.
 */
import { isFunction, type Node, unwrapped } from './syntax-tree.ts';

const OPTIONS: ReadonlySet<string> = new Set(['construct', 'transform', 'write', 'writev', 'flush', 'final']);
const METHODS: ReadonlySet<string> = new Set([...OPTIONS].map((name) => `_${name}`));

const CALLBACK = /^(?:callback|cb|done|next)$/i;

export interface StreamMethod {
  readonly fn: Node;
  readonly name: string;
}

/** Of a class, or of what a `new` or `super` is given. */
export function streamMethodsOf(node: Node): StreamMethod[] {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node['superClass'] == null ? [] : functionsNamed(node['body']['body'], METHODS);
    case 'NewExpression':
    case 'CallExpression': {
      if (node.type === 'CallExpression' && node['callee'].type !== 'Super') return [];
      const options: Node | undefined = node['arguments'][0];
      return options?.type === 'ObjectExpression' ? functionsNamed(options['properties'], OPTIONS) : [];
    }
    default:
      return [];
  }
}

/**
 * Functions whose `this` may be a stream: `Rows.prototype._transform = function (…) { … }`,
 * `through(function (row, encoding, callback) { … })`.
 */
export function isMethodByItself(fn: Node, parent: Node): boolean {
  if (fn.type !== 'FunctionExpression' || fn['generator'] === true) return false;
  if (parent.type === 'CallExpression') return parent['callee'] !== fn && callsBack(fn);
  if (parent.type !== 'AssignmentExpression') return false;
  const target: Node = parent['left'];
  return target.type === 'MemberExpression' && METHODS.has(target['property']['name']);
}

/** `(row, encoding, callback)` or `(callback)`. */
function callsBack(fn: Node): boolean {
  const parameters = fn['params'] as readonly Node[];
  const name: unknown = parameters.at(-1)?.['name'];
  return (
    (parameters.length === 3 || parameters.length === 1) && typeof name === 'string' && CALLBACK.test(name)
  );
}

function functionsNamed(members: readonly Node[], names: ReadonlySet<string>): StreamMethod[] {
  return members.flatMap((member) => {
    const { key, value, computed } = member as Node & Record<'key' | 'value', Node | null | undefined>;
    if (key == null || value == null || computed === true || !names.has(key['name'])) return [];
    const fn = unwrapped(value);
    return isFunction(fn) && fn['generator'] !== true && fn['body'] != null
      ? [{ fn, name: key['name'] as string }]
      : [];
  });
}
