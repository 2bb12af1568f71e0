/**
 * The methods that a piece of code calls, by name, and on what: of a method of `this`, or of what a
 * loop has another of in each turn, it is known that what it keeps in `this` is that object's.
 */

import { eachOperand, type Node, unwrapped } from './syntax-tree.ts';

export const NO_NAMES: ReadonlySet<string> = new Set();
export const OF_THIS: ReadonlySet<string> = new Set(['this']);

/** A variable hides the function of its name. */
export const without = (names: ReadonlySet<string>, hidden: ReadonlySet<string>): string[] =>
  [...names].filter((name) => !hidden.has(name));

export const withoutThis = (names: ReadonlySet<string>): Set<string> =>
  new Set([...names].filter((name) => name !== 'this' && !name.startsWith('this.')));

/** "store" of `store`, "[i]" of `stores[i]`, "this"; '': of anything else. */
function holderName(object: Node): string {
  if (object.type === 'ThisExpression') return 'this';
  if (object.type === 'Identifier') return object['name'];
  if (object.type !== 'MemberExpression' || object['computed'] !== true) return '';
  const { property } = object as Node & { readonly property: Node };
  return property.type === 'Identifier' ? `[${property['name']}]` : '';
}

export interface CalledMethods {
  readonly ofElements: readonly string[];
  readonly others: readonly string[];
}

/**
 * Names of methods that the code calls: `load` of `store.load(id)`. Those called on one of the
 * `elements` stand by themselves.
 */
export function calledMethods(node: Node, elements: ReadonlySet<string>): CalledMethods {
  const ofElements: string[] = [];
  const others: string[] = [];
  const visit = (each: Node): void => {
    if (each.type === 'CallExpression') {
      const callee = unwrapped(each['callee']);
      if (callee.type === 'MemberExpression' && callee['computed'] !== true) {
        const isElement = elements.has(holderName(unwrapped(callee['object'])));
        (isElement ? ofElements : others).push(callee['property']['name']);
      }
    }
    eachOperand(each, visit);
  };
  visit(node);
  return { ofElements, others };
}
