/**
 * Which of several variables of one name and place a function means. A variable of a module is one;
 * one that a function declares is another in each run of it. So an object is declared beside it,
 * in the same scope: whoever sees the variable sees its object.
 */
import { PREFIX } from '../contract/emitted-names.ts';
import type { Edits } from './edits.ts';
import { boundNames } from './name-uses.ts';
import { eachOperand, isFunction, type Node } from './syntax-tree.ts';

/** The owner of what stands for itself in the whole file. */
const OF_FILE = '0';

export class DeclaredOwners {
  readonly #edits: Edits;
  /** By declarator: the name of its object. */
  readonly #names = new Map<Node, string>();

  constructor(edits: Edits) {
    this.#edits = edits;
  }

  /**
   * @param functions around the code that uses the variable, the outermost first
   * @param at where that code begins
   * @returns null: it is a parameter, or there are several of the name
   */
  ownerOf(name: string, functions: readonly Node[], at: number): string | null {
    for (let i = functions.length - 1; i >= 0; i--) {
      const fn = functions[i]!;
      if ((fn['params'] as Node[]).some((parameter) => boundNames(parameter).includes(name))) return null;
      const declarators = declaratorsOf(fn['body'], name, at);
      if (declarators.length > 1) return null;
      const [declarator] = declarators;
      if (declarator !== undefined) return declarator === null ? null : this.#objectOf(declarator, at);
    }
    return OF_FILE;
  }

  #objectOf(declarator: Node, at: number): string | null {
    let name = this.#names.get(declarator);
    if (name !== undefined) return name;
    const init: Node | null = declarator['init'];
    // What is visited later may still get text of ours at its end.
    if (declarator.end > at && init !== null && init.type !== 'Literal') return null;
    name = `${PREFIX}v${this.#names.size}`;
    this.#names.set(declarator, name);
    this.#edits.insert(declarator.end, `,${name}={}`);
    return name;
  }
}

/**
 * Of one name, without inner functions.
 * @param at where the variable is used
 * @returns null for one that can get no object beside it, or whose block does not reach that far
 */
function declaratorsOf(body: Node, name: string, at: number): (Node | null)[] {
  const found: (Node | null)[] = [];
  const visit = (node: Node, parent: Node | null, outer: Node): void => {
    const block = node.type.startsWith('Variable') ? outer : node;
    if (node.type === 'VariableDeclaration') {
      const isLoop = parent?.type.startsWith('For') === true;
      const isSeen = outer.start <= at && at < outer.end;
      for (const each of node['declarations'] as Node[])
        if (boundNames(each['id']).includes(name)) found.push(isLoop || !isSeen ? null : each);
    } else if (DECLARES.has(node.type) && node['id']?.name === name) found.push(null);
    else if (node.type === 'CatchClause' && node['param'] != null && boundNames(node['param']).includes(name))
      found.push(null);
    eachOperand(node, (child) => {
      if (!isFunction(child)) visit(child, node, block);
      else if (child.type === 'FunctionDeclaration' && child['id']?.name === name) found.push(null);
    });
  };
  visit(body, null, body);
  return found;
}

const DECLARES: ReadonlySet<string> = new Set(['ClassDeclaration', 'FunctionDeclaration']);
