/**
 * Which functions of a file are callbacks: functions that are not async and that code of others may
 * call, later and on its own: what is given to `on`, `then` or `createServer`, the methods of an
 * object that is given away, methods of a class that extends another. What is called at once
 * (`map`, `sort`, the executor of a promise) belongs to its caller, and gets no probe; nor does
 * what only computes an expression without a call.
 */
import type { CallbackKind } from '../contract/probe-set.ts';
import { callbackName, titledName } from './callback-name.ts';
import { isOfCompiler } from './compiled-text.ts';
import { calledName } from './receiver.ts';
import { eachChild, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** Call their argument before they return: methods of arrays, maps, texts, and what lodash has. */
const CALLS_AT_ONCE: ReadonlySet<string> = new Set([
  ...['map', 'filter', 'forEach', 'reduce', 'reduceRight', 'some', 'every', 'flatMap', 'from'],
  ...['find', 'findIndex', 'findLast', 'findLastIndex', 'sort', 'toSorted', 'replace', 'replaceAll'],
  ...['each', 'sortBy', 'orderBy', 'groupBy', 'keyBy', 'countBy', 'uniqBy', 'minBy', 'maxBy', 'sumBy'],
  ...['mapValues', 'mapKeys', 'pickBy', 'omitBy', 'partition', 'reject', 'times', 'withResolvers'],
  ...['call', 'apply', 'defineProperty', 'defineProperties', 'stringify', 'parse', 'assign', 'freeze'],
  ...['Promise', 'Proxy', 'Object', 'Array', 'Map', 'Set', 'String', 'Number', 'Boolean', 'Symbol'],
]);

/** How a function that is registered by a call of this name is called later. */
const KINDS: ReadonlyMap<string, CallbackKind> = new Map([
  ...(['then', 'catch', 'finally'] as const).map((name) => [name, 'promise-callback'] as const),
  ...(['nextTick', 'queueMicrotask'] as const).map((name) => [name, 'tick-callback'] as const),
  ...(['setTimeout', 'setInterval', 'setImmediate'] as const).map(
    (name) => [name, 'timer-callback'] as const,
  ),
  ...['on', 'once', 'addListener', 'prependListener', 'prependOnceListener', 'addEventListener', 'off']
    .concat('subscribe', 'createServer', 'watch', 'watchFile', 'onAbort')
    .map((name) => [name, 'event-callback'] as const),
]);

export interface Callback {
  readonly kind: CallbackKind;
  /** What a function without a name of its own is called: "on('data') callback". */
  readonly name: string;
}

/** Judges by the text alone. False: no function in it is handed to others. */
export function mayHoldCallbacks(source: string): boolean {
  return REGISTERS.test(source);
}

const REGISTERS =
  /\b(?:it|test|describe)\b[\w.]*\)?\(\s*["'`]|\.(?:on|once|then|addListener|prependListener|addEventListener|subscribe|createServer|listen|nextTick)\(|\b(?:createServer|queueMicrotask|set(?:Timeout|Interval|Immediate))\(|\.on[a-z]+ ?= ?|\bclass\b[^{]*\bextends\b/;

/** The callbacks of a file, each with what is known of it. */
export function findCallbacks(program: Node, source: string): ReadonlyMap<Node, Callback> {
  const found = new Map<Node, Callback>();
  const passed = new Map<string, Callback>();
  const declared: [name: string, fn: Node][] = [];

  function give(value: Node, callback: Callback, isNested: boolean): void {
    const given = unwrapped(value);
    if (isFunction(given)) add(given, callback);
    else if (given.type === 'Identifier') passed.set(given['name'], callback);
    else if (given.type === 'MemberExpression' && given['computed'] !== true)
      passed.set(`.${given['property']['name']}`, callback);
    else if (given.type === 'CallExpression' && calledName(given) === 'bind') {
      const callee = unwrapped(given['callee']);
      if (callee.type === 'MemberExpression') give(callee['object'], callback, isNested);
    } else if (given.type === 'ObjectExpression' && !isNested)
      for (const property of given['properties'] as Node[])
        if (property.type === 'Property' && property['kind'] === 'init' && property['computed'] !== true)
          give(property['value'], { ...callback, name: '' }, true);
  }

  function add(fn: Node, callback: Callback): void {
    if (fn['async'] !== true && fn['generator'] !== true && doesSomething(fn)) found.set(fn, callback);
  }

  function visit(node: Node): void {
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression': {
        const name = calledName(node) || titledName(node);
        if (name === '' || CALLS_AT_ONCE.has(name) || isOfCompiler(name) || isOfNative(node)) break;
        const callback = {
          kind: KINDS.get(name) ?? 'io-callback',
          name: callbackName(node, source),
        } as const;
        for (const argument of node['arguments'] as Node[]) give(argument, callback, false);
        break;
      }
      case 'AssignmentExpression': {
        const left: Node = node['left'];
        const key: unknown = left.type === 'MemberExpression' ? left['property']['name'] : undefined;
        if (typeof key === 'string' && /^_?on[a-zA-Z]/.test(key))
          give(node['right'], { kind: 'event-callback', name: key }, false);
        if (left.type === 'Identifier') declare(left['name'], node['right']);
        break;
      }
      case 'FunctionDeclaration':
        if (node['id'] !== null) declare(node['id'].name, node);
        break;
      case 'VariableDeclarator':
        if (node['id'].type === 'Identifier' && node['init'] !== null)
          declare(node['id'].name, node['init'] as Node);
        break;
      case 'PropertyDefinition':
      case 'Property':
        if (node['computed'] !== true && node['value'] !== null && node['key'].type === 'Identifier')
          declare(`.${node['key'].name}`, node['value'] as Node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        visitMembers(node);
        break;
    }
    eachChild(node, visit);
  }

  function declare(name: string, value: Node): void {
    const fn = unwrapped(value);
    if (isFunction(fn)) declared.push([name, fn]);
  }

  function visitMembers(node: Node): void {
    const isDerived = node['superClass'] !== null && node['superClass'] !== undefined;
    for (const member of node['body']['body'] as Node[]) {
      if (member.type !== 'MethodDefinition' || member['kind'] !== 'method') continue;
      const { name } = member['key'] as { name?: unknown };
      if (member['computed'] === true || typeof name !== 'string') continue;
      if (isDerived && member['static'] !== true && HOOKS.test(name))
        add(member['value'], { kind: 'io-callback', name });
      else declared.push([`.${name}`, member['value'] as Node]);
    }
  }

  visit(program);
  for (const [name, fn] of declared) {
    const callback = passed.get(name);
    // What calls itself may do so often, and deep.
    if (callback !== undefined && !uses(fn['body'], name)) add(fn, { ...callback, name: '' });
  }
  return found;
}

/** Methods that a base class calls: of Node's streams, of actors and handlers. */
const HOOKS = /^(?:_[a-z]\w*|on[A-Z]\w*|handle\w*|run|execute|process|perform|transform|flush)$/;

const isOfNative = ({ callee }: Node): boolean => {
  const { object } = callee as { object?: Node };
  return object?.type === 'Identifier' && NATIVE.has(object['name']);
};
const NATIVE: ReadonlySet<string> = new Set(['Object', 'Reflect', 'JSON', 'Array', 'Math', 'Promise']);

/** Whether running it may take time or begin something: no expression without a call does. */
function doesSomething(fn: Node): boolean {
  const body: Node | null = fn['body'];
  if (body === null) return false;
  if (body.type === 'BlockStatement') return (body['body'] as Node[]).length > 0;
  return calls(body);
}

function calls(node: Node): boolean {
  if (CALLING.has(node.type)) return true;
  let found = false;
  eachChild(node, (child) => (found ||= !isFunction(child) && calls(child)));
  return found;
}

const CALLING: ReadonlySet<string> = new Set([
  'CallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
]);

/** By name alone: a variable, or a property for a name that begins with a point. */
function uses(node: Node, name: string): boolean {
  const plainName = name.startsWith('.') ? name.slice(1) : name;
  if (node.type === 'Identifier') return node['name'] === plainName;
  let found = false;
  eachChild(node, (child) => (found ||= uses(child, name)));
  return found;
}
