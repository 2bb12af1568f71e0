/**
 * Where an async function begins to listen to an emitter that it had in hand before an await:
 * `async (socket) => { await authenticate(); socket.on('message', …) }`. What is emitted meanwhile
 * nobody hears. The await's operand gets a probe, which watches the emitter for that event.
 *
 * It goes by names within one function: parameters, `this` and variables that it declares itself,
 * so that what is evaluated again is there already.
 */
import { EXPECTED_EVENTS, EXPECTED_OF_STREAMS, NEVER_WATCHED } from '../contract/expected-events.ts';
import { boundNames } from './name-uses.ts';
import { type Path, pathOf, type UpdateStep } from './shared-cells.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const LISTENS: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener']);
/** Of `node:events`, which get the emitter. */
const WAITS: ReadonlySet<string> = new Set(['on', 'once']);
const MAX_NAMES = 8;
/** Between the emitter and the listener: further ones are as the last. */
const MAX_AWAITS = 4;

/** @param body of an async function, or a module that awaits */
export function lateListens(body: Node, parameters: readonly Node[]): ReadonlyMap<Node, UpdateStep> {
  const walk = new ListenWalk(parameters);
  walk.visit(body);
  return walk.steps;
}

class ListenWalk {
  readonly steps = new Map<Node, UpdateStep>();
  /** The operands of the awaits so far; null: nothing may stand around it. */
  readonly #awaits: (Node | null)[] = [];
  readonly #described = new Set<Node>();
  /** By name: how many awaits came before it was there. */
  readonly #since = new Map<string, number>([['this', 0]]);

  #isExecutor = false;

  constructor(parameters: readonly Node[]) {
    for (const parameter of parameters) for (const name of boundNames(parameter)) this.#since.set(name, 0);
  }

  visit(node: Node): void {
    if (isFunction(node)) return;
    eachOperand(node, (child, field) => {
      if (field === 'callee' || field === 'tag' || field === 'object') this.#described.add(unwrapped(child));
      this.visit(child);
    });
    switch (node.type) {
      case 'AwaitExpression': {
        const operand = unwrapped(node['argument']);
        this.#awaits.push(this.#described.has(node) ? null : operand);
        return;
      }
      case 'ForOfStatement':
        if (node['await'] === true) this.#awaits.push(null);
        return;
      case 'VariableDeclarator':
        for (const name of boundNames(node['id'])) this.#since.set(name, this.#awaits.length);
        return;
      case 'NewExpression': {
        // What an executor does is done at once.
        const [executor] = node['arguments'] as (Node | undefined)[];
        if (node['callee']['name'] === 'Promise' && executor !== undefined && isFunction(executor))
          this.#visitExecutor(executor);
        return;
      }
      case 'CallExpression':
        this.#listen(node);
    }
  }

  #visitExecutor(executor: Node): void {
    const hidden = (executor['params'] as Node[]).flatMap((parameter) => boundNames(parameter));
    const former = hidden.map((name) => this.#since.get(name));
    for (const name of hidden) this.#since.delete(name);
    const isWithin = this.#isExecutor;
    this.#isExecutor = true;
    this.visit(executor['body']);
    this.#isExecutor = isWithin;
    hidden.forEach((name, i) => {
      if (former[i] !== undefined) this.#since.set(name, former[i]);
    });
  }

  #listen(call: Node): void {
    const callee = unwrapped(call['callee']);
    const [first, second] = call['arguments'] as (Node | undefined)[];
    const isMember = callee.type === 'MemberExpression' && callee['computed'] !== true;
    const name: unknown = isMember ? callee['property']['name'] : callee['name'];
    if (typeof name !== 'string' || first === undefined) return;
    if (isMember && LISTENS.has(name) && first.type === 'Literal')
      return this.#note(unwrapped(callee['object']), first['value'], this.#isExecutor);
    if (WAITS.has(name) && second?.type === 'Literal') this.#note(unwrapped(first), second['value'], true);
  }

  #note(emitter: Node, event: unknown, isWait: boolean): void {
    const path = pathOf(emitter);
    if (path === null || typeof event !== 'string' || NEVER_WATCHED.has(event)) return;
    // Of a plain listener the emitter tells whether it is a stream.
    if (!isWait && EXPECTED_EVENTS.has(event) && event !== EXPECTED_OF_STREAMS) return;
    const since = this.#since.get(path.root.startsWith('this') ? 'this' : path.root);
    // Node makes a new list of listeners when the last one has gone.
    const awaits = since === undefined ? [] : this.#awaits.slice(since, since + MAX_AWAITS);
    for (const operand of awaits) if (operand !== null) this.#add(operand, path, event);
  }

  #add(operand: Node, { root, keys }: Path, event: string): void {
    const known = this.steps.get(operand);
    if (known === undefined)
      this.steps.set(operand, { how: 'awaits', name: event, keys, events: [event], root });
    else if (known.root === root && known.keys.join('.') === keys.join('.')) {
      const { events = [] } = known;
      if (events.length < MAX_NAMES && !events.includes(event))
        this.steps.set(operand, { ...known, events: [...events, event] });
    }
  }
}
