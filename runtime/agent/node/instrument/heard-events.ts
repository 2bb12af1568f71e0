/**
 * The events of one emitter whose listeners alone can settle the promise of a `new Promise`. It
 * errs towards none: a resolver that is kept, called by a timer or by a function within a listener
 * may settle it after the emitter has closed.
 */
import { boundNames } from './name-uses.ts';
import { eachChild, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const LISTENS: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'],
]);
const REMOVES: ReadonlySet<string> = new Set(['off', 'removeListener']);
const MAX_EVENTS = 8;

/**
 * @param fn what the `new Promise` is given
 * @param resolvers the names of its parameters that can settle it
 * @returns empty: others may settle it, or which events they are is not known
 */
export function heardEvents(fn: Node, resolvers: readonly string[], source: string): readonly string[] {
  const walk = new ExecutorWalk(resolvers, source);
  walk.visit(fn['body'], null, false);
  return walk.events();
}

class ExecutorWalk {
  readonly #resolvers: ReadonlySet<string>;
  readonly #source: string;
  readonly #events = new Set<string>();
  readonly #emitters = new Set<string>();
  /** Functions with a name that settle the promise. */
  readonly #settling = new Set<string>();
  /** What is named elsewhere than where listeners are added and removed. */
  readonly #otherwise = new Set<string>();
  #isPlain = true;

  constructor(resolvers: readonly string[], source: string) {
    this.#resolvers = new Set(resolvers);
    this.#source = source;
  }

  events(): readonly string[] {
    const isKnown = this.#isPlain && this.#emitters.size === 1 && this.#events.size <= MAX_EVENTS;
    for (const name of this.#settling) if (this.#otherwise.has(name)) return [];
    return isKnown ? [...this.#events] : [];
  }

  /**
   * @param owner the function around it: its name, '' for a listener without one; null: none
   * @param isListener it stands where a listener is expected
   */
  visit(node: Node, owner: string | null, isListener: boolean): void {
    if (node.type === 'Identifier') return this.#name(node['name'], owner, isListener);
    if (isFunction(node)) return this.#enter(node, owner, isListener ? '' : null);
    if (node.type === 'CallExpression' && this.#visitListening(node, owner)) return;
    if (node.type === 'VariableDeclarator' && node['id'].type === 'Identifier' && node['init'] != null) {
      const init = unwrapped(node['init']);
      if (isFunction(init)) return this.#enter(init, owner, node['id']['name']);
    }
    eachChild(node, (child, field) => {
      const isKey = (field === 'property' || field === 'key') && node['computed'] !== true;
      if (!isKey || node['shorthand'] === true) this.visit(child, owner, false);
    });
  }

  /** @param name of the function; null: another one may call it, at any time */
  #enter(fn: Node, owner: string | null, name: string | null): void {
    const own: unknown = fn.type === 'FunctionDeclaration' ? fn['id']?.['name'] : name;
    const bound = (fn['params'] as Node[]).flatMap((parameter) => boundNames(parameter));
    if (bound.some((each) => this.#resolvers.has(each))) this.#isPlain = false;
    // Within another function only listeners that it adds are looked into.
    const isKnown = typeof own === 'string' && fn['async'] !== true && (owner === null || name === '');
    this.visit(fn['body'], isKnown ? own : OTHER, false);
  }

  #name(name: string, owner: string | null, isListener: boolean): void {
    if (!this.#resolvers.has(name)) {
      if (!isListener) this.#otherwise.add(name);
    } else if (owner === OTHER || (owner === null && !isListener)) this.#isPlain = false;
    else if (owner !== null && owner !== '') this.#settling.add(owner);
  }

  /** `emitter.on('data', f)` @returns whether it is one */
  #visitListening(call: Node, owner: string | null): boolean {
    const callee = unwrapped(call['callee']);
    if (callee.type !== 'MemberExpression' || callee['computed'] === true) return false;
    const name = String(callee['property']['name']);
    if (!LISTENS.has(name) && !REMOVES.has(name)) return false;
    const object = unwrapped(callee['object']);
    const isChain = object.type === 'CallExpression' && this.#visitListening(object, owner);
    if (!isChain) this.visit(object, owner, false);
    const [event, ...listeners] = call['arguments'] as Node[];
    if (LISTENS.has(name)) {
      if (event?.type !== 'Literal' || typeof event['value'] !== 'string') this.#isPlain = false;
      else this.#events.add(event['value']);
      if (!isChain) this.#emitters.add(this.#source.slice(object.start, object.end));
    }
    for (const listener of listeners) this.visit(unwrapped(listener), owner, true);
    return true;
  }
}

/** A function that may be called at any time. */
const OTHER = '?';
