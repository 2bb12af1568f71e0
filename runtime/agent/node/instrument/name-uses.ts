/**
 * Which names the code of a file uses and assigns, also through the file's own functions that it
 * calls. By name alone, without scopes: two variables of one name count as one. So it may see a
 * connection where there is none, and misses none within the file; what functions of other files
 * do, it does not see.
 */
import { calledMethods, NO_NAMES, OF_THIS, without, withoutThis } from './called-methods.ts';
import { eachOperand, isFunction, type Node, unwrapped } from './syntax-tree.ts';

/** Methods that change the object that they are called on, of arrays, maps, sets and iterators. */
const CHANGING_METHODS: ReadonlySet<string> = new Set([
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'],
  ...['set', 'add', 'delete', 'clear', 'next', 'enqueue', 'dequeue', 'take', 'put'],
]);
const PACING_MODULE = /^(?:node:)?timers\/promises$/;

/** What one function of the file does. */
interface FunctionNames {
  readonly used: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
  /** What it assigns or changes by a call, counters excepted; what it uses for more than that. */
  readonly changed: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
  /** It assigns a property of an object that it was given or takes from a collection. */
  readonly changesGiven: boolean;
  /** Methods that it calls on `this` alone. */
  readonly ownMethods: ReadonlySet<string>;
}

export interface Assignment {
  /** The variables that it gives a value. */
  readonly names: readonly string[];
  /** Null: `x++`. */
  readonly value: Node | null;
  /** `x++`, `x += 1`: the next value is known without anything that is computed. */
  readonly isCounter: boolean;
  readonly isDeclaration: boolean;
}

export class NameUses {
  readonly #program: Node;
  #declared: Declared | null = null;
  readonly #namesOf = new Map<Node, FunctionNames>();

  constructor(program: Node) {
    this.#program = program;
  }

  /**
   * Names that the code uses itself or through functions of the file. What a method of one of the
   * `elements` (a variable, or "[i]" for what it is the key of) keeps in `this` is left out: it is
   * another object than the code's.
   */
  usedIn(node: Node, elements: ReadonlySet<string> = NO_NAMES): Set<string> {
    const used = namesIn(node);
    const methods = calledMethods(node, elements);
    for (const name of [...without(used, elements), ...methods.others]) {
      const reachable = this.#reachable(name);
      for (const { used: names } of reachable) for (const each of names) used.add(each);
      // A method that stands elsewhere may use all of its object.
      if (reachable.length === 0 && used.has(`this.${name}`)) used.add('this');
    }
    for (const name of methods.ofElements)
      for (const { used: names } of this.#reachableOfElement(name)) for (const each of names) used.add(each);
    return used;
  }

  /** Names that functions of the file assign which this code calls or hands on. */
  writtenThrough(node: Node, elements: ReadonlySet<string> = NO_NAMES): Set<string> {
    const written = new Set<string>();
    const methods = calledMethods(node, elements);
    for (const name of [...without(namesIn(node), elements), ...methods.others])
      for (const { written: names } of this.#reachable(name)) for (const each of names) written.add(each);
    for (const name of methods.ofElements)
      for (const { written: names } of this.#reachableOfElement(name))
        for (const each of names) written.add(each);
    return written;
  }

  /**
   * The function, or one of the file that it uses, changes what it also reads and did not make
   * itself: a variable or property outside, or an object that it was given.
   */
  sharesState(fn: Node): boolean {
    const used = namesIn(fn);
    const all = [this.#namesOfFunction(fn)];
    for (const name of used) all.push(...this.#reachable(name));
    const read = new Set(all.flatMap(({ read: names }) => [...names]));
    return all.some(
      ({ changed, changesGiven }) => changesGiven || [...changed].some((name) => read.has(name)),
    );
  }

  /**
   * Whether two functions work on one thing: a variable of the file that neither declares. Of
   * functions of other files it is not known, and taken to be so.
   */
  shareThing(a: string, b: string): boolean {
    const { functions, variables } = this.#inFile();
    const [first, second] = [functions.get(a), functions.get(b)];
    if (first === undefined || second === undefined) return first === second;
    const names = [first, second].map((all) => {
      const outer = new Set(all.flatMap((fn) => [...namesIn(fn['body'])]));
      for (const fn of all) for (const name of declaredWithin(fn)) outer.delete(name);
      return outer;
    }) as [Set<string>, Set<string>];
    return [...names[0]].some((name) => names[1].has(name) && variables.has(name) && !functions.has(name));
  }

  /** The call only lets time pass: `setTimeout` of `timers/promises`, or a function around it. */
  isPause(call: Node): boolean {
    const callee = unwrapped(call['callee'] ?? call);
    const root = rootOf(callee);
    return root !== null && this.#inFile().pauses.has(root);
  }

  /** The functions that a name may mean, and those that they name in turn. */
  #reachable(name: string): readonly FunctionNames[] {
    const { functions } = this.#inFile();
    const first = functions.get(name);
    if (first === undefined) return [];
    const seen = new Set<Node>(first);
    const found: FunctionNames[] = [];
    for (const fn of seen) {
      const names = this.#namesOfFunction(fn);
      found.push(names);
      for (const next of names.used) for (const each of functions.get(next) ?? []) seen.add(each);
    }
    return found;
  }

  /** The same for a method of another object: of its own `this` nothing is said. */
  #reachableOfElement(name: string): readonly Pick<FunctionNames, 'used' | 'written'>[] {
    const { functions } = this.#inFile();
    const own = new Set<Node>(functions.get(name));
    const found: Pick<FunctionNames, 'used' | 'written'>[] = [];
    for (const fn of own) {
      const { used, written, ownMethods } = this.#namesOfFunction(fn);
      found.push({ used: withoutThis(used), written: withoutThis(written) });
      for (const next of used) {
        if (ownMethods.has(next)) for (const each of functions.get(next) ?? []) own.add(each);
        else found.push(...this.#reachable(next));
      }
    }
    return found;
  }

  #namesOfFunction(fn: Node): FunctionNames {
    let names = this.#namesOf.get(fn);
    if (names === undefined) this.#namesOf.set(fn, (names = namesOfFunction(fn)));
    return names;
  }

  #inFile(): Declared {
    return (this.#declared ??= declaredIn(this.#program));
  }
}

/**
 * Names of variables in the code, functions in it included. `this` counts as one variable where it
 * is used as a whole, and each of its properties as another: `this.rows`.
 */
export function namesIn(node: Node): Set<string> {
  const names = new Set<string>();
  addNames(node, names);
  return names;
}

function addNames(node: Node, names: Set<string>): void {
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') {
    names.add(node['name']);
    return;
  }
  if (node.type === 'ThisExpression' || node.type === 'Super') {
    names.add('this');
    return;
  }
  const property = propertyOfThis(node);
  if (property !== null) {
    names.add(property);
    return;
  }
  eachOperand(node, (child) => addNames(child, names));
}

/** "this.rows" of `this.rows` and `this.#rows`; null: another expression. */
function propertyOfThis(node: Node): string | null {
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
  if (unwrapped(node['object']).type !== 'ThisExpression') return null;
  return `this.${node['property']['name']}`;
}

/** Whether code that uses the first names may read one of the others. */
export function usesAny(used: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  const usesWhole = used.has('this');
  for (const name of names) if (used.has(name) || (usesWhole && name.startsWith('this.'))) return true;
  if (names.has('this')) for (const name of used) if (name.startsWith('this.')) return true;
  return false;
}

/** `store` of `store.rows[0].name`, `this.x` of `this.x.y`; null: of a call's value or the like. */
export function rootOf(node: Node): string | null {
  switch (node.type) {
    case 'Identifier':
      return node['name'];
    case 'ThisExpression':
      return 'this';
    case 'MemberExpression':
      return propertyOfThis(node) ?? rootOf(node['object']);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
      return rootOf(node['expression']);
    default:
      return null;
  }
}

/** The variables that a pattern or a target gives values to. */
export function boundNames(target: Node): string[] {
  switch (target.type) {
    case 'ObjectPattern':
      return (target['properties'] as Node[]).flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property['argument'] : property['value']),
      );
    case 'ArrayPattern':
      return (target['elements'] as (Node | null)[]).flatMap((element) =>
        element === null ? [] : boundNames(element),
      );
    case 'AssignmentPattern':
      return boundNames(target['left']);
    case 'RestElement':
      return boundNames(target['argument']);
    default: {
      const root = rootOf(target);
      return root === null ? [] : [root];
    }
  }
}

/** What this node assigns or declares; null: nothing. */
export function assignmentOf(node: Node): Assignment | null {
  switch (node.type) {
    case 'VariableDeclarator':
      return {
        names: boundNames(node['id']),
        value: node['init'],
        isCounter: false,
        isDeclaration: true,
      };
    case 'AssignmentExpression': {
      const value: Node = node['right'];
      const isCounter = /^[+-]=$/.test(node['operator']) && unwrapped(value).type === 'Literal';
      return { names: boundNames(node['left']), value, isCounter, isDeclaration: false };
    }
    case 'UpdateExpression':
      return { names: boundNames(node['argument']), value: null, isCounter: true, isDeclaration: false };
    default:
      return null;
  }
}

/** The object that a call changes for certain: `queue` of `queue.shift()`; null: none is known. */
export function changedByCall(call: Node): string | null {
  if (call.type !== 'CallExpression') return null;
  const callee = unwrapped(call['callee']);
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return null;
  return CHANGING_METHODS.has(callee['property']['name']) ? rootOf(callee['object']) : null;
}

function namesOfFunction(fn: Node): FunctionNames {
  const used = namesIn(fn);
  const methods = calledMethods(fn, OF_THIS);
  for (const name of [...methods.ofElements, ...methods.others]) used.add(name);
  const ownMethods = new Set(methods.ofElements.filter((name) => !methods.others.includes(name)));
  const own = new Set<string>();
  const given = new Set<string>();
  const written = new Set<string>();
  const changed = new Set<string>();
  const read = new Set<string>();
  let changesGiven = false;
  const visit = (node: Node, parent: Node, field: string): void => {
    if (isFunction(node))
      for (const parameter of node['params'] as Node[]) addAll(given, boundNames(parameter));
    const assignment = assignmentOf(node);
    if (assignment?.isDeclaration === true) {
      const isElement = parent.type === 'VariableDeclaration' && node['init'] == null && field !== 'init';
      addAll(isElement ? given : own, assignment.names);
    } else if (assignment !== null && !assignment.isCounter) {
      addAll(written, assignment.names);
      addAll(changed, assignment.names);
      if (node['operator'] !== '=') addAll(read, assignment.names);
      const target: Node = node['left'];
      changesGiven ||= target.type === 'MemberExpression' && given.has(rootOf(target) ?? '');
    }
    const changedObject = changedByCall(node);
    if (changedObject !== null) changed.add(changedObject);
    const name = propertyOfThis(node) ?? (node.type === 'Identifier' ? (node['name'] as string) : null);
    if (name !== null && !isTarget(parent, field)) read.add(name);
    eachOperand(node, (child, childField) => visit(child, node, childField));
  };
  visit(fn, fn, '');
  for (const name of [...own, ...given]) {
    used.delete(name);
    written.delete(name);
    changed.delete(name);
  }
  return { used, written, changed, read, changesGiven, ownMethods };
}

/** It is only assigned, or a method is called on it that changes it. */
function isTarget(parent: Node, field: string): boolean {
  if (parent.type === 'AssignmentExpression') return field === 'left';
  if (parent.type === 'UpdateExpression') return true;
  return (
    parent.type === 'MemberExpression' &&
    CHANGING_METHODS.has(parent['property']['name']) &&
    field === 'object'
  );
}

const addAll = (set: Set<string>, names: Iterable<string>): void => {
  for (const name of names) set.add(name);
};

/** What a file declares. */
interface Declared {
  /** Functions and methods by their name. */
  readonly functions: ReadonlyMap<string, readonly Node[]>;
  /** Names by which a call only lets time pass. */
  readonly pauses: ReadonlySet<string>;
  /** What the file declares or takes as a parameter, without imports. */
  readonly variables: ReadonlySet<string>;
}

/** The parameters of a function and what it declares in itself. */
function declaredWithin(fn: Node): string[] {
  const names = (fn['params'] as Node[]).flatMap((parameter) => boundNames(parameter));
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator') names.push(...boundNames(node['id']));
    if (node.type === 'CatchClause' && node['param'] != null) names.push(...boundNames(node['param']));
    if (isFunction(node)) for (const each of node['params'] as Node[]) names.push(...boundNames(each));
    eachOperand(node, visit);
  };
  visit(fn['body']);
  return names;
}

function declaredIn(program: Node): Declared {
  const functions = new Map<string, Node[]>();
  const pauses = new Set<string>();
  const variables = new Set<string>();
  const addFunction = (name: unknown, fn: Node | null | undefined): void => {
    if (typeof name !== 'string' || fn == null) return;
    const value = unwrapped(fn);
    if (!isFunction(value) || value['body'] == null) return;
    const known = functions.get(name);
    if (known === undefined) functions.set(name, [value]);
    else known.push(value);
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        if (PACING_MODULE.test(node['source'].value))
          for (const specifier of node['specifiers'] as Node[]) pauses.add(specifier['local'].name);
        return;
      case 'FunctionDeclaration':
        addFunction(node['id']?.name, node);
        if (node['body'] != null && makesPauses(node)) pauses.add(node['id']?.name);
        break;
      case 'VariableDeclarator':
        addAll(variables, boundNames(node['id']));
        addFunction(node['id'].name, node['init']);
        if (node['init'] != null && makesPauses(unwrapped(node['init'])))
          addAll(pauses, boundNames(node['id']));
        break;
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'Property':
        addFunction(node['key'].name, node['value']);
        break;
      case 'AssignmentExpression':
        addFunction(node['left'].name ?? node['left'].property?.name, node['right']);
        break;
    }
    if (isFunction(node)) for (const each of node['params'] as Node[]) addAll(variables, boundNames(each));
    eachOperand(node, visit);
  };
  visit(program);
  return { functions, pauses, variables };
}

/**
 * `require('timers/promises')`, `promisify(setTimeout)`, or a function that does nothing but
 * `new Promise((resolve) => setTimeout(resolve, ms))`.
 */
function makesPauses(value: Node): boolean {
  if (value.type === 'MemberExpression') return makesPauses(unwrapped(value['object']));
  if (value.type === 'CallExpression') {
    const [argument] = value['arguments'] as Node[];
    if (argument === undefined) return false;
    if (value['callee'].name === 'require') return PACING_MODULE.test(String(argument['value']));
    return argument.type === 'Identifier' && argument['name'] === 'setTimeout';
  }
  if (!isFunction(value)) return false;
  const made = onlyValue(value);
  if (made?.type !== 'NewExpression' || made['callee'].name !== 'Promise') return false;
  const executor: Node | undefined = made['arguments'][0];
  if (executor === undefined || !isFunction(executor)) return false;
  const resolve: unknown = executor['params'][0]?.name;
  const call = onlyValue(executor);
  if (call?.type !== 'CallExpression' || call['callee'].name !== 'setTimeout') return false;
  const [callback, , value3] = call['arguments'] as Node[];
  return callback?.type === 'Identifier' && callback['name'] === resolve && value3 === undefined;
}

/** What a function of one statement returns or evaluates; null: it has more. */
function onlyValue(fn: Node): Node | null {
  const body: Node = fn['body'];
  if (body.type !== 'BlockStatement' && body.type !== 'FunctionBody') return unwrapped(body);
  const statements: readonly Node[] = body['body'];
  const [only] = statements;
  if (only === undefined || statements.length > 1) return null;
  const value: Node | null = only['argument'] ?? only['expression'] ?? null;
  return value === null ? null : unwrapped(value);
}
