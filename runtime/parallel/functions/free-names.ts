/**
 * Which names a function takes from around itself. A function that takes none can be sent to another thread as text.
 *
 * Names are resolved by the regions in which they are declared. Where the regions are told too large (a `for` head, an arrow's body
 * without a semicolon), a captured name that an inner one hides is overlooked, and the worker then says ReferenceError; where anything
 * else is in doubt, the name counts as captured and the function is refused.
 */
import { isBlock, type Token, tokenize } from './tokenize.ts';

export interface CapturedName {
  /** `factor`, `this`, `import()`, … */
  readonly name: string;
  /** Why it cannot come along, when it is no plain variable. */
  readonly reason?: string;
}

const KEYWORDS = new Set(
  (
    'break case catch class const continue debugger default delete do else export extends false finally for function if import in ' +
    'instanceof new null return super switch this throw true try typeof var void while with yield let await enum'
  ).split(' '),
);

/** What every thread of Node has. */
const GLOBALS = new Set(
  (
    'undefined NaN Infinity globalThis global Object Function Array Number parseFloat parseInt Boolean String Symbol Date Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array ' +
    'Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map ' +
    'BigInt Set Iterator WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect SharedArrayBuffer decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent escape unescape isFinite isNaN console process Buffer queueMicrotask setTimeout setInterval setImmediate clearTimeout ' +
    'clearInterval clearImmediate structuredClone atob btoa performance fetch crypto URL URLSearchParams TextEncoder TextDecoder AbortController ' +
    'AbortSignal Event EventTarget MessageChannel MessagePort MessageEvent BroadcastChannel Blob File FormData Headers Request Response WebAssembly ' +
    'ReadableStream WritableStream TransformStream CompressionStream DecompressionStream DOMException Crypto CryptoKey SubtleCrypto WebSocket ' +
    'EventSource CustomEvent Performance PerformanceEntry PerformanceObserver TextDecoderStream TextEncoderStream DisposableStack AsyncDisposableStack ' +
    'SuppressedError navigator Navigator'
  ).split(' '),
);

/** In the order of the text, each once. Throws SyntaxError where the text cannot be read. */
export function freeNames(source: string): CapturedName[] {
  const all = tokenize(`(${source}\n)`);
  return new FreeNameScan(all).run();
}

class FreeNameScan {
  readonly #all: readonly Token[];
  readonly #declared = new Map<string, [number, number][]>();
  /** Regions of functions that have a `this` of their own: `function`, methods, class bodies. */
  readonly #own: [number, number][] = [];
  readonly #methods = new Set<number>();

  constructor(all: readonly Token[]) {
    this.#all = all;
  }

  run(): CapturedName[] {
    for (let i = 0; i < this.#all.length; i++) this.#declareAt(i);
    const found = new Map<string, CapturedName>();
    for (let i = 0; i < this.#all.length; i++) {
      const captured = this.#capturedAt(i);
      if (captured !== null && !found.has(captured.name)) found.set(captured.name, captured);
    }
    return [...found.values()];
  }

  #text(i: number): string {
    return this.#all[i]?.text ?? '';
  }

  // ── declarations ────────────────────────────────────────────────────────────────────

  #declareAt(i: number): void {
    const token = this.#all[i]!;
    if (token.text === '=>' && token.kind === 'mark') return this.#arrow(i);
    if (token.kind !== 'name' || this.#isProperty(i)) return;
    switch (token.text) {
      case 'function':
        return this.#function(i);
      case 'class':
        return this.#class(i);
      case 'const':
      case 'let':
      case 'var':
        return this.#variables(i);
      case 'catch': {
        if (this.#text(i + 1) !== '(') return;
        return this.#bind(i + 2, this.#all[i + 1]!.partner, this.#around(i));
      }
    }
    // A method, getter or setter: a name, then parameters, then a body, inside braces of a class or an object.
    if (this.#text(i + 1) === '(' && this.#isMember(i)) {
      const end = this.#all[i + 1]!.partner;
      if (this.#text(end + 1) !== '{') return;
      this.#methods.add(i);
      this.#body(i, i + 1, this.#all[end + 1]!.partner);
    }
  }

  #function(i: number): void {
    let at = i + 1;
    if (this.#text(at) === '*') at++;
    const named = this.#text(at) !== '(';
    const parameters = named ? at + 1 : at;
    const end = this.#all[this.#all[parameters]!.partner + 1]!.partner;
    this.#body(i, parameters, end);
    if (named) {
      this.#declare(this.#text(at), [i, end]);
      this.#declare(this.#text(at), this.#around(i));
    }
  }

  #body(from: number, parameters: number, end: number): void {
    const region: [number, number] = [from, end];
    this.#own.push(region);
    this.#bind(parameters + 1, this.#all[parameters]!.partner, region);
  }

  #arrow(i: number): void {
    const before = this.#all[i - 1]!;
    const from = before.text === ')' ? before.partner : i - 1;
    let end: number;
    if (this.#text(i + 1) === '{') end = this.#all[i + 1]!.partner;
    else {
      end = i + 1;
      for (; end < this.#all.length; end++) {
        const { text, partner } = this.#all[end]!;
        if (partner > end) end = partner;
        else if (partner >= 0 || text === ',' || text === ';') break;
      }
    }
    if (before.text === ')') this.#bind(from + 1, i - 1, [from, end]);
    else this.#declare(before.text, [from, end]);
  }

  #class(i: number): void {
    let at = i + 1;
    const named = this.#all[at]!.kind === 'name' && this.#text(at) !== 'extends';
    if (named) this.#declare(this.#text(at), this.#around(i));
    while (this.#text(at) !== '{') at = this.#all[at]!.partner > at ? this.#all[at]!.partner + 1 : at + 1;
    this.#own.push([at, this.#all[at]!.partner]);
    this.#classBodies.add(at);
  }
  readonly #classBodies = new Set<number>();

  #variables(i: number): void {
    const region = this.#text(i) === 'var' ? this.#functionAround(i) : this.#around(i);
    let at = i + 1;
    for (;;) {
      const end = this.#all[at]!.partner > at ? this.#all[at]!.partner : at;
      this.#bind(at, end + 1, region);
      at = end + 1;
      // Over the initial value, to the next name or the end of the declaration.
      for (; at < this.#all.length; at++) {
        const { text, partner, kind } = this.#all[at]!;
        if (partner > at) at = partner;
        else if (partner >= 0 || text === ';' || text === ',' || (kind === 'name' && /^(of|in)$/.test(text)))
          break;
        else if (kind === 'name' && /^(const|let|var|function|class|return|if|for|while)$/.test(text)) break;
      }
      if (this.#text(at) !== ',') return;
      at++;
    }
  }

  /** Declares the names that the patterns from `at` up to `end` bind. */
  #bind(at: number, end: number, region: [number, number]): void {
    for (let i = at; i < end; i++) {
      const token = this.#all[i]!;
      if (token.text === '=' && token.kind === 'mark') {
        // A default: over it, to the comma.
        for (i++; i < end && this.#text(i) !== ','; i++)
          if (this.#all[i]!.partner > i) i = this.#all[i]!.partner;
      } else if (token.text === '{' || token.text === '[') {
        const before = this.#text(i - 1);
        const isKey =
          token.text === '[' && (before === '{' || before === ',') && this.#text(token.partner + 1) === ':';
        if (!isKey) this.#bind(i + 1, token.partner, region);
        i = token.partner;
      } else if (token.kind === 'name' && this.#text(i + 1) !== ':') this.#declare(token.text, region);
    }
  }

  #declare(name: string, region: [number, number]): void {
    const regions = this.#declared.get(name);
    if (regions === undefined) this.#declared.set(name, [region]);
    else regions.push(region);
  }

  /** The region of the innermost block. */
  #around(i: number): [number, number] {
    let { enclosing: inside } = this.#all[i]!;
    while (inside >= 0 && this.#text(inside) !== '{') ({ enclosing: inside } = this.#all[inside]!);
    if (inside < 0) return [0, this.#all.length];
    return [inside, this.#all[inside]!.partner];
  }

  #functionAround(i: number): [number, number] {
    let { enclosing: inside } = this.#all[i]!;
    let outermost: [number, number] = [0, this.#all.length];
    for (; inside >= 0; { enclosing: inside } = this.#all[inside]!) {
      if (this.#text(inside) !== '{') continue;
      outermost = [inside, this.#all[inside]!.partner];
      const before = this.#text(inside - 1);
      if (before === '=>') break;
      const head = before === ')' ? this.#all[inside - 1]!.partner - 1 : -1;
      if (head >= 0 && !/^(if|for|while|switch|with|catch|await)$/.test(this.#text(head))) break;
    }
    return outermost;
  }

  // ── uses ────────────────────────────────────────────────────────────────────────────

  #capturedAt(i: number): CapturedName | null {
    const { kind, text: name } = this.#all[i]!;
    if (kind !== 'name' || name.startsWith('#') || this.#isProperty(i) || this.#methods.has(i)) return null;
    const next = this.#text(i + 1);
    if (name === 'this' || name === 'super' || name === 'arguments' || (name === 'new' && next === '.')) {
      if (this.#own.some(([from, to]) => from <= i && i <= to)) return null;
      const what = name === 'new' ? 'new.target' : name;
      return { name: what, reason: `it uses ${what} of what is around it` };
    }
    if (name === 'import' && next === '(')
      return {
        name: 'import()',
        reason: 'it imports a module by import(), which is resolved where the function stands',
      };
    if (name === 'import' && next === '.')
      return {
        name: 'import.meta',
        reason: 'it uses import.meta, which is that of the file where the function stands',
      };
    if (KEYWORDS.has(name) || this.#isKey(i) || this.#isWordOfSyntax(i)) return null;
    if (this.#declared.get(name)?.some(([from, to]) => from <= i && i <= to)) return null;
    if (name === 'require') {
      const module = this.#all[i + 2];
      const isPlain = next === '(' && module?.kind === 'string' && this.#text(i + 3) === ')';
      if (isPlain && !/^.[./\\]/.test(module.text)) return null;
      return { name: 'require', reason: 'it requires a file by a path relative to where the function stands' };
    }
    if (name === 'eval') return { name: 'eval', reason: 'it uses eval, which can reach anything around it' };
    return GLOBALS.has(name) ? null : { name };
  }

  /** Behind a dot. */
  #isProperty(i: number): boolean {
    const before = this.#text(i - 1);
    return (before === '.' || before === '?.') && this.#all[i - 1]!.kind === 'mark';
  }

  /** `key:` in an object or pattern, a label, a field of a class. */
  #isKey(i: number): boolean {
    const before = this.#text(i - 1);
    const next = this.#text(i + 1);
    if (next === ':') return before === '{' || before === ',' || before === ';' || before === '}';
    if (/^(break|continue)$/.test(before) && !this.#isProperty(i - 1)) return true;
    const inClass = this.#classBodies.has(this.#all[i]!.enclosing);
    return inClass && /^(=|;|\})$/.test(next) && /^(\{|;|\}|static)$/.test(before);
  }

  /** Directly in the braces of a class or an object. */
  #isMember(i: number): boolean {
    const { enclosing: inside } = this.#all[i]!;
    if (inside < 0 || this.#text(inside) !== '{') return false;
    if (!this.#classBodies.has(inside) && isBlock(this.#all, inside)) return false;
    return /^(\{|,|;|\}|\*|get|set|async|static)$/.test(this.#text(i - 1));
  }

  /** `async`, `of`, `get`, `set`, `static` where they are no names. */
  #isWordOfSyntax(i: number): boolean {
    const name = this.#text(i);
    const next = this.#all[i + 1];
    if (next === undefined) return false;
    switch (name) {
      case 'async': {
        if (next.text === '(') return this.#text(next.partner + 1) === '=>';
        return next.kind === 'name' || next.text === '*';
      }
      case 'of':
        return /^(\]|\}|[\p{ID_Start}$_].*)$/u.test(this.#text(i - 1));
      case 'get':
      case 'set':
      case 'static': {
        const { enclosing: inside } = this.#all[i]!;
        const isMember = inside >= 0 && (this.#classBodies.has(inside) || !isBlock(this.#all, inside));
        return (
          isMember &&
          (next.kind === 'name' ||
            next.kind === 'string' ||
            next.text === '[' ||
            next.text === '*' ||
            next.text === '{')
        );
      }
    }
    return false;
  }
}
