/**
 * Puts the probes of `probe-set.ts` into a file's async code, as insertions into its text.
 *
 * Refuses to touch: generators that are not async, text inside `eval`, files with a `with` statement (its
 * object would be asked for our names), and async functions whose top level declares one name twice as a
 * function (legal there, a syntax error in the block that we would put it into). What is refused runs as written.
 */
import { type Edits } from './edits.ts';
import { ANONYMOUS, className, functionName } from './function-name.ts';
import { type Names } from './names.ts';
import { redeclaresFunction } from './redeclared-function.ts';
import { type SiteTable } from './site-table.ts';
import { eachChild, type Node } from './syntax-tree.ts';
import { skipTrivia } from './trivia.ts';

/** What the user imports, under trace or not. */
export const LIBRARY = 'simul';

/** Sees every node before the weaver; `true` means that the node is dealt with and its children are not visited. */
export interface TypeStripper {
  enter(node: Node, parent: Node): boolean;
  leave(node: Node, parent: Node): void;
}

/** The innermost function around a node. */
interface Scope {
  readonly fn: string;
  /** Probes go into its awaits: it is async and not refused. */
  readonly instrumented: boolean;
  /** It is a generator: its `return E` waits, its bare `return` does not. */
  readonly generator: boolean;
  /** It is a generator that may be a coroutine of the library's: not async, in a file that imports the library. */
  readonly coroutine: boolean;
  readonly className: string | null;
}

export class ProbeInserter {
  readonly #edits: Edits;
  readonly #sites: SiteTable;
  readonly #names: Names;
  readonly #types: TypeStripper | null;
  /** Names under which the file knows what the library exports. */
  #library: ReadonlySet<string> = new Set();
  #imported: ReadonlySet<string> = new Set();
  #isAsync = false;

  constructor(edits: Edits, sites: SiteTable, names: Names, types: TypeStripper | null) {
    this.#edits = edits;
    this.#sites = sites;
    this.#names = names;
    this.#types = types;
  }

  /** A whole file. `moduleActivation`: the module awaits at its top level and is an activation itself. */
  file(program: Node, moduleActivation: boolean): void {
    const scope: Scope = {
      fn: moduleActivation ? '<module>' : ANONYMOUS,
      instrumented: moduleActivation,
      generator: false,
      coroutine: false,
      className: null,
    };
    const statements: Node[] = program['body'];
    // A file without any keeps its text, and is loaded as fast as untraced.
    this.#isAsync = /\basync\b|\bawait\b/.test(this.#edits.source);
    this.#library = libraryNames(statements);
    this.#imported = importedNames(statements);
    if (moduleActivation && statements.length > 0) {
      const site = this.#sites.add('function', statements[0]!.start, scope.fn, null);
      this.#edits.insert(statements[0]!.start, `const ${this.#names.activation} = ${this.#enter(site)}; `);
    }
    for (const statement of statements) this.#visit(statement, program, scope);
    if (moduleActivation && statements.length > 0) {
      const { probes, activation: act } = this.#names;
      this.#edits.insert(statements.at(-1)!.end, `; ${probes}.done(${act}); ${probes}.exit(${act});`);
    }
  }

  #visit(node: Node, parent: Node, scope: Scope): void {
    if (this.#types?.enter(node, parent)) return;
    this.#dispatch(node, parent, scope);
    this.#types?.leave(node, parent);
  }

  #dispatch(node: Node, parent: Node, scope: Scope): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node, parent, scope);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#children(node, { ...scope, className: className(node, parent) });
      case 'PropertyDefinition':
      case 'AccessorProperty':
        // The key is computed where the class is; the value in an initializer of its own.
        return eachChild(node, (child, field) =>
          this.#visit(
            child,
            node,
            field === 'value' ? { ...scope, fn: ANONYMOUS, instrumented: false } : scope,
          ),
        );
      case 'NewExpression':
        if (isPromise(node['callee'])) return this.#newPromise(node, scope);
        if (this.#library.has(node['callee']['name'])) return this.#libraryCall(node, scope);
        return scope.instrumented
          ? this.#insertFunctionProbes(node, parent, scope)
          : this.#children(node, scope);
      case 'CallExpression':
        if (this.#library.has(node['callee']['name'])) return this.#libraryCall(node, scope);
        if (this.#isGroupSpawn(node['callee'])) return this.#groupSpawn(node, scope);
        return scope.instrumented
          ? this.#insertFunctionProbes(node, parent, scope)
          : this.#children(node, scope);
      case 'ExpressionStatement': {
        const call = this.#callLeft(node['expression']);
        if (call !== null && (scope.instrumented || parent.type === 'Program'))
          return this.#leftCall(call, node, scope);
        return scope.instrumented
          ? this.#insertFunctionProbes(node, parent, scope)
          : this.#children(node, scope);
      }
      case 'YieldExpression':
        if (scope.coroutine) return this.#coroutineYield(node, scope);
        return scope.instrumented
          ? this.#insertFunctionProbes(node, parent, scope)
          : this.#children(node, scope);
      case 'StaticBlock':
        return this.#children(node, { ...scope, fn: ANONYMOUS, instrumented: false });
      default:
        return scope.instrumented
          ? this.#insertFunctionProbes(node, parent, scope)
          : this.#children(node, scope);
    }
  }

  #children(node: Node, scope: Scope): void {
    eachChild(node, (child) => this.#visit(child, node, scope));
  }

  #function(node: Node, parent: Node, outer: Scope): void {
    const body: Node | null = node['body'];
    const fn = functionName(node, parent, outer.className, this.#edits.source);
    const woven = Boolean(node['async'] && body && !redeclaresFunction(body));
    const generator = node['generator'] === true;
    const coroutine = generator && !node['async'] && this.#library.size > 0;
    const inner: Scope = { fn, instrumented: woven, generator, coroutine, className: outer.className };
    // Awaits are not allowed in the parameters of an async function: nothing there belongs to its activation.
    const parameters: Scope = { ...inner, instrumented: false };
    eachChild(node, (child, field) => {
      if (field !== 'body') this.#visit(child, node, field === 'id' ? outer : parameters);
    });
    if (body === null) return;
    if (!woven) this.#visit(body, node, inner);
    else if (body.type === 'BlockStatement') this.#block(node, body, inner);
    else this.#expressionBody(node, body, inner);
  }

  #block(node: Node, body: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const site = this.#sites.add('function', node.start, scope.fn, null, node['generator'] === true);
    const { at, separator } = this.#afterDirectives(body);
    this.#edits.insert(at, `${separator} const ${act} = ${this.#enter(site)}; try {`);
    this.#children(body, scope);
    const last: Node | undefined = body['body'].at(-1);
    const leaves = last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
    const done = leaves ? '' : `; ${probes}.done(${act});`;
    this.#edits.insert(body.end - 1, `${done} } finally { ${probes}.exit(${act}); } `);
  }

  #expressionBody(node: Node, body: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const site = this.#sites.add('function', node.start, scope.fn, null);
    const returned = this.#sites.add('return', body.start, scope.fn, body);
    this.#edits.insert(
      body.start,
      `{ const ${act} = ${this.#enter(site)}; try { return ${probes}.ret(${act}, ${returned}, `,
    );
    this.#visit(body, node, scope);
    this.#edits.insert(body.end, `); } finally { ${probes}.exit(${act}); } }`);
  }

  #insertFunctionProbes(node: Node, parent: Node, scope: Scope): void {
    switch (node.type) {
      case 'AwaitExpression':
        return this.#await(node, scope);
      case 'YieldExpression':
        return this.#yield(node, scope);
      case 'ReturnStatement':
        return this.#return(node, scope);
      case 'TryStatement':
        return this.#try(node, scope);
      case 'LabeledStatement':
      case 'ForOfStatement':
        return this.#loop(node, parent, scope);
      default:
        return this.#children(node, scope);
    }
  }

  #await(node: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const operand: Node = node['argument'];
    const site = this.#sites.add('await', node.start, scope.fn, operand);
    this.#edits.insert(node.start, `${probes}.resume(${act}, `);
    this.#edits.insert(operand.start, `${probes}.suspend(${act}, ${site}, `);
    this.#visit(operand, node, scope);
    this.#edits.insert(node.end, '))');
  }

  #newPromise(node: Node, scope: Scope): void {
    const { probes, base } = this.#names;
    const site = this.#sites.add('call', node.start, scope.fn, null);
    this.#edits.insert(node.start, `${probes}.made(${base}(), ${site}, `);
    this.#children(node, scope);
    this.#edits.insert(node.end, ')');
  }

  /** `f(x);`: what comes of it, nobody takes. Should it be a promise that is rejected, this is the place to look at. */
  #leftCall(call: Node, statement: Node, scope: Scope): void {
    const { probes, base } = this.#names;
    const site = this.#sites.add('call', call.start, scope.fn, call);
    this.#edits.insert(call.start, `${probes}.made(${base}(), ${site}, `);
    this.#visit(call, statement, scope);
    this.#edits.insert(call.end, ')');
  }

  /** The call of a statement that is nothing else, `void` before it or not. The library knows itself where it is called. */
  #callLeft(expression: Node): Node | null {
    if (!this.#isAsync) return null;
    const isVoid = expression.type === 'UnaryExpression' && expression['operator'] === 'void';
    const it: Node = isVoid ? expression['argument'] : expression;
    const call: Node = it.type === 'ChainExpression' ? it['expression'] : it;
    if (call.type !== 'CallExpression' || call['callee'].type === 'Super') return null;
    return this.#library.has(call['callee']['name']) ? null : it;
  }

  /** `yield* E`, `yield E`: E is there, and the coroutine is about to wait for it. */
  #coroutineYield(node: Node, scope: Scope): void {
    const { probes, base } = this.#names;
    const operand: Node | null = node['argument'];
    const site = this.#sites.add('yield', node.start, scope.fn, operand);
    if (operand === null) {
      this.#edits.insert(node.end, ` ${probes}.at(${base}(), ${site}, void 0)`);
      return;
    }
    this.#edits.insert(operand.start, `${probes}.at(${base}(), ${site}, `);
    this.#visit(operand, node, scope);
    this.#edits.insert(operand.end, ')');
  }

  /** `spawn(E)`, `new Queue(E)`: where the task or the resource is made. */
  #libraryCall(node: Node, scope: Scope): void {
    const { probes, base } = this.#names;
    const callee: Node = node['callee'];
    const site = this.#sites.add('call', node.start, scope.fn, node);
    this.#edits.insert(callee.start, `(${probes}.at(${base}(), ${site}, `);
    eachChild(node, (child) => {
      this.#visit(child, node, scope);
      if (child === callee)
        this.#edits.insert(callee.end, '))', node.type === 'CallExpression' ? callee.start : null);
    });
  }

  /** `g.spawn`, in a file that has `group`: of a module of somebody else's it is none of ours. */
  #isGroupSpawn(callee: Node): boolean {
    if (callee.type !== 'MemberExpression' || callee['computed'] === true || !this.#library.has('group'))
      return false;
    const object: Node = callee['object'];
    const { name } = callee['property'] as { name?: string };
    return name === 'spawn' && object.type === 'Identifier' && !this.#imported.has(object['name']);
  }

  /** `g.spawn(E)`: where the task is made; `this` stays what it is. */
  #groupSpawn(node: Node, scope: Scope): void {
    const { probes, base } = this.#names;
    const object: Node = node['callee']['object'];
    const site = this.#sites.add('call', node.start, scope.fn, node);
    this.#edits.insert(object.start, `(${probes}.at(${base}(), ${site}, `);
    this.#edits.insert(object.end, '))');
    eachChild(node, (child) => this.#visit(child, node, scope));
  }

  #yield(node: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const operand: Node | null = node['argument'];
    const site = this.#sites.add('yield', node.start, scope.fn, operand);
    this.#edits.insert(node.start, `${probes}.resume(${act}, `);
    if (operand === null) {
      this.#edits.insert(node.end, ` ${probes}.yielding(${act}, ${site}, void 0))`);
      return;
    }
    this.#edits.insert(operand.start, `${probes}.yielding(${act}, ${site}, `);
    this.#visit(operand, node, scope);
    this.#edits.insert(node.end, '))');
  }

  #return(node: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const operand: Node | null = node['argument'];
    if (operand === null && scope.generator) {
      // With an operand it would wait a turn, which it does not as written.
      this.#edits.insert(node.start, `{ ${probes}.done(${act}); `);
      this.#edits.insert(node.end, ' }');
      return;
    }
    const site = this.#sites.add('return', node.start, scope.fn, operand);
    if (operand === null) {
      this.#edits.insert(node.start + 'return'.length, ` ${probes}.ret(${act}, ${site}, void 0)`);
      return;
    }
    const [open, close] = operand.type === 'SequenceExpression' ? ['(', '))'] : ['', ')'];
    this.#edits.insert(operand.start, `${probes}.ret(${act}, ${site}, ${open}`);
    this.#visit(operand, node, scope);
    this.#edits.insert(operand.end, close);
  }

  #try(node: Node, scope: Scope): void {
    const { probes, activation: act, pending } = this.#names;
    this.#visit(node['block'], node, scope);
    if (node['handler']) this.#catch(node['handler'], scope);
    const finalizer: Node | null = node['finalizer'];
    if (finalizer === null) return;
    this.#edits.insert(finalizer.start + 1, ` const ${pending} = ${probes}.finallyIn(${act});`);
    this.#visit(finalizer, node, scope);
    this.#edits.insert(finalizer.end - 1, `; ${probes}.finallyOut(${act}, ${pending}); `);
  }

  #catch(clause: Node, scope: Scope): void {
    const { probes, activation: act, error } = this.#names;
    const parameter: Node | null = clause['param'];
    const body: Node = clause['body'];
    if (parameter === null) {
      this.#edits.insert(body.start, `(${error}) `);
      this.#edits.insert(body.start + 1, ` ${probes}.caught(${act}, ${error});`);
    } else if (parameter.type === 'Identifier') {
      this.#visit(parameter, clause, scope);
      this.#edits.insert(body.start + 1, ` ${probes}.caught(${act}, ${parameter['name']});`);
    } else {
      // catch ({ a }) { …  →  catch ($e) { $p.caught($a, $e); let { a } = $e; …   with `)` and `{` blanked
      this.#edits.insert(parameter.start, `${error}) { ${probes}.caught(${act}, ${error}); let `);
      this.#visit(parameter, clause, scope);
      this.#edits.insert(parameter.end, ` = ${error};`);
      this.#edits.put(skipTrivia(this.#edits.source, parameter.end), ' ');
      this.#edits.put(body.start, ' ');
    }
    this.#visit(body, clause, scope);
  }

  /** `for await`, with the labels that stand before it. Any other loop or label has nothing of its own to tell. */
  #loop(node: Node, parent: Node, scope: Scope): void {
    const loop = labelled(node);
    const first = parent.type !== 'LabeledStatement';
    if (loop.type !== 'ForOfStatement' || !loop['await']) return this.#children(node, scope);
    const { probes, activation: act } = this.#names;
    if (first) this.#edits.insert(node.start, '{ ');
    if (node === loop) this.#forAwait(loop, scope);
    else this.#children(node, scope);
    if (first) this.#edits.insert(node.end, ` ${probes}.stepped(${act}); }`);
  }

  #forAwait(loop: Node, scope: Scope): void {
    const { probes, activation: act } = this.#names;
    const iterable: Node = loop['right'];
    const body: Node = loop['body'];
    const site = this.#sites.add('for-await', loop.start, scope.fn, iterable);
    this.#visit(loop['left'], loop, scope);
    this.#edits.insert(iterable.start, `${probes}.iterate(${act}, ${site}, `);
    this.#visit(iterable, loop, scope);
    this.#edits.insert(iterable.end, ')');
    const braces = body.type !== 'BlockStatement';
    if (braces) this.#edits.insert(body.start, `{ ${probes}.stepped(${act}); `);
    else this.#edits.insert(body.start + 1, ` ${probes}.stepped(${act});`);
    this.#visit(body, loop, scope);
    if (braces) this.#edits.insert(body.end, ' }');
  }

  #enter(site: number): string {
    return `${this.#names.probes}.enter(${this.#names.base}(), ${site})`;
  }

  /** Where a body's own statements begin: directives must stay first. */
  #afterDirectives(body: Node): { at: number; separator: string } {
    let last: Node | null = null;
    for (const statement of body['body'] as Node[]) {
      // TypeScript's tree has `directive: null` on every expression statement: look at the value.
      if (statement['directive'] == null) break;
      last = statement;
    }
    if (last === null) return { at: body.start + 1, separator: '' };
    return { at: last.end, separator: this.#edits.source[last.end - 1] === ';' ? '' : ';' };
  }
}

/** What `import { … } from 'simul'` and `const { … } = require('simul')` bring into a file. */
function libraryNames(statements: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration' && statement['source']['value'] === LIBRARY) {
      for (const specifier of statement['specifiers'] as Node[]) names.add(specifier['local']['name']);
    } else if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement['declarations']) {
        const required = init?.type === 'CallExpression' && init.callee.name === 'require';
        if (!required || init.arguments[0]?.value !== LIBRARY || id.type !== 'ObjectPattern') continue;
        for (const property of id.properties)
          if (property.value?.type === 'Identifier') names.add(property.value.name);
      }
    }
  }
  return names;
}

/** What a file has from other modules. */
function importedNames(statements: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration')
      for (const specifier of statement['specifiers'] as Node[]) names.add(specifier['local']['name']);
    else if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement['declarations'])
        if (init?.type === 'CallExpression' && init.callee.name === 'require' && id.type === 'Identifier')
          names.add(id.name);
  }
  return names;
}

/** By its name: a Promise of somebody's own carries no link and is passed over at run time. */
function isPromise(callee: Node): boolean {
  return callee.type === 'Identifier' && callee['name'] === 'Promise';
}

function labelled(node: Node): Node {
  while (node.type === 'LabeledStatement') node = node['body'];
  return node;
}
