/**
 * Subjects of RxJS: where something is sent by them, `flags.next(value)`, `flags.complete()`, and
 * where the first or last value of an observable is asked for, `firstValueFrom(flags)`. What a
 * subject sends to nobody is gone.
 */
import { pathOf, textOf, type UpdateStep } from './shared-cells.ts';
import { eachOperand, type Node, unwrapped } from './syntax-tree.ts';

const MAX_NAME = 200;
const SUBJECTS = /\brxjs\b|\.complete\s*\(\s*\)/;
const ASKS: ReadonlySet<string> = new Set(['firstValueFrom', 'lastValueFrom']);
const TELLS: ReadonlySet<string> = new Set(['next', 'complete', 'error']);

export function subjectSteps(program: Node, source: string): ReadonlyMap<Node, UpdateStep> {
  const steps = new Map<Node, UpdateStep>();
  if (!SUBJECTS.test(source)) return steps;
  const visit = (node: Node): void => {
    if (node.type === 'CallExpression') visitCall(node);
    eachOperand(node, visit);
  };
  const visitCall = (call: Node): void => {
    const callee = unwrapped(call['callee']);
    const given = call['arguments'] as readonly Node[];
    const [first] = given;
    if (callee.type === 'Identifier' && ASKS.has(callee['name']) && given.length === 1) {
      if (first === undefined || first.type === 'SpreadElement') return;
      const name = source.slice(first.start, first.end);
      const step = { name: name.slice(0, MAX_NAME), keys: [], key: callee['name'], root: '0' };
      steps.set(first, { how: 'hears', ...step });
      steps.set(call, { how: 'heard', ...step });
    } else if (callee.type === 'MemberExpression' && callee['computed'] !== true) {
      const key: string = callee['property'].name;
      const path = TELLS.has(key) ? pathOf(unwrapped(callee['object'])) : null;
      if (path !== null) steps.set(call, { how: 'tells', name: textOf(path), ...path, key });
    }
  };
  visit(program);
  return steps;
}
