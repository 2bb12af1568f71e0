/** What stands in a loop: what it awaits, assigns, calls and declares, and how it is left. */
import { type Assignment, assignmentOf, boundNames, changedByCall, rootOf } from './name-uses.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

const LOOPS: ReadonlySet<string> = new Set([
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

export interface Await {
  readonly node: Node;
  /** Somebody takes its value. */
  readonly isTaken: boolean;
}

export const isPlainLoop = (node: Node): boolean => LOOPS.has(node.type) && node['await'] !== true;

/** What a loop does, in the order of the text. */
export class LoopBody {
  readonly own = new Set<string>();
  readonly assignments: Assignment[] = [];
  readonly awaits: Await[] = [];
  readonly innerLoops: Node[] = [];
  /** Objects that calls change, or are given what was awaited. */
  readonly calls: { readonly root: string; readonly call: Node; readonly changes: boolean }[] = [];
  /** Calls whose value nobody takes: they are made for their effect. */
  readonly effects: Node[] = [];
  /** It may be left before its end. */
  isLeft = false;

  constructor(loop: Node) {
    const { init } = loop;
    const inside = { isFunction: false, depth: 0, isAwaited: false };
    eachOperand(loop, (child, field) => {
      // What the loop goes over is awaited once.
      const { length } = this.awaits;
      this.#visit(child, loop, inside);
      if (field === 'right' || field === 'init') this.awaits.length = length;
    });
    // What `for (let x = …)` declares goes on from turn to turn.
    if (init?.type === 'VariableDeclaration')
      for (const { id } of init['declarations'] as { id: Node }[])
        for (const name of boundNames(id)) this.own.delete(name);
  }

  /** It may become another thing within the turn. */
  isReassigned(name: string): boolean {
    return this.assignments.some(({ names, isDeclaration }) => !isDeclaration && names.includes(name));
  }

  #visit(node: Node, parent: Node, at: { isFunction: boolean; depth: number; isAwaited: boolean }): void {
    const assignment = assignmentOf(node);
    if (assignment !== null) {
      this.assignments.push(assignment);
      if (assignment.isDeclaration) for (const name of assignment.names) this.own.add(name);
    }
    if (!at.isFunction) this.#noteControl(node, parent, at.depth);
    if (node.type === 'CallExpression') {
      this.#noteCall(node, at.isAwaited);
      if (parent.type === 'ExpressionStatement' && changedByCall(node) === null) this.effects.push(node);
    }
    if (node.type === 'CatchClause' && node['param'] != null)
      for (const name of boundNames(node['param'])) this.own.add(name);
    const isInner = isFunction(node);
    if (isInner)
      for (const parameter of node['params'] as Node[])
        for (const name of boundNames(parameter)) this.own.add(name);
    const inside = {
      isFunction: at.isFunction || isInner,
      depth: at.depth + (LOOPS.has(node.type) || node.type === 'SwitchStatement' ? 1 : 0),
      isAwaited: at.isAwaited || node.type === 'AwaitExpression',
    };
    eachOperand(node, (child) => this.#visit(child, node, inside));
  }

  #noteControl(node: Node, parent: Node, depth: number): void {
    switch (node.type) {
      case 'ReturnStatement':
      case 'YieldExpression':
        this.isLeft = true;
        break;
      case 'BreakStatement':
        if (node['label'] != null || depth === 0) this.isLeft = true;
        break;
      case 'ContinueStatement':
        if (node['label'] != null) this.isLeft = true;
        break;
      case 'AwaitExpression':
        this.awaits.push({ node, isTaken: isTaken(parent) });
        break;
      case 'ForOfStatement':
        if (node['await'] === true) this.isLeft = true;
        break;
    }
    if (isPlainLoop(node)) this.innerLoops.push(node);
  }

  #noteCall(call: Node, isAwaited: boolean): void {
    // `await queue.add(() => f(x))` asks to run it: what is kept is given back when it is over.
    const isAsked = isAwaited && (call['arguments'] as Node[]).some(isFunction);
    const changed = isAsked ? null : changedByCall(call);
    const callee = unwrapped(call['callee']);
    const root = changed ?? (callee.type === 'MemberExpression' ? rootOf(callee['object']) : null);
    if (root === null || (isAwaited && changed === null)) return;
    this.calls.push({ root, call, changes: changed !== null });
  }
}

export const isTaken = (parent: Node): boolean =>
  parent.type !== 'ExpressionStatement' &&
  !(parent.type === 'UnaryExpression' && parent['operator'] === 'void');
