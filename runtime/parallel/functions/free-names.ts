/**
 * Which names a function uses from around itself. A function that uses none can be sent to another
 * thread as text.
 *
 * Names are resolved by the regions in which they are declared. Some regions are taken too large:
 * those of a `for` head, and of an arrow's body without a semicolon. A captured name that an inner
 * one of the same name hides is then overlooked, and the worker throws a ReferenceError. Where
 * anything else is in doubt, the name counts as captured and the function is refused.
 */
import { isBlock, type Token, tokenize } from './tokenize.ts';

export interface CapturedName {
  /** `factor`, `this`, `import()`, … */
  readonly name: string;
  /** Why it cannot be sent, when it is not a plain variable. */
  readonly reason?: string;
}

const KEYWORDS = new Set(
  (
    'break case catch class const continue debugger default delete do else export extends false finally for function if import in ' +
    'instanceof new null return super switch this throw true try typeof var void while with yield let await enum'
  ).split(' '),
);

/** The globals of every thread of Node. */
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

/**
 * The captured names in the order of the text, each once.
 * @throws SyntaxError where the text cannot be read.
 */
export function freeNames(source: string): CapturedName[] {
  return new FreeNameScan(tokenize(`(${source}\n)`)).run();
}

/** Indices of the first and the last token. */
type Region = [from: number, to: number];

class FreeNameScan {
  readonly #tokens: readonly Token[];
  /** For each name the regions in which it is declared. */
  readonly #declared = new Map<string, Region[]>();
  /** Regions that have a `this` of their own: of `function`, methods, class bodies. */
  readonly #thisRegions: Region[] = [];
  /** Indices of the names of methods. */
  readonly #methods = new Set<number>();
  /** Indices of the braces that open a class body. */
  readonly #classBodies = new Set<number>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  run(): CapturedName[] {
    for (let i = 0; i < this.#tokens.length; i++) this.#declareFrom(i);
    const names = new Map<string, CapturedName>();
    for (let i = 0; i < this.#tokens.length; i++) {
      const captured = this.#findCaptured(i);
      if (captured !== null && !names.has(captured.name)) names.set(captured.name, captured);
    }
    return [...names.values()];
  }

  #text(i: number): string {
    return this.#tokens[i]?.text ?? '';
  }

  // ── declarations ────────────────────────────────────────────────────────────────────

  /** Declares the names that the construct at this token declares. */
  #declareFrom(i: number): void {
    const token = this.#tokens[i]!;
    if (token.text === '=>' && token.kind === 'mark') return this.#declareArrow(i);
    if (token.kind !== 'name' || this.#isProperty(i)) return;
    switch (token.text) {
      case 'function':
        return this.#declareFunction(i);
      case 'class':
        return this.#declareClass(i);
      case 'const':
      case 'let':
      case 'var':
        return this.#declareVariables(i);
      case 'catch': {
        if (this.#text(i + 1) !== '(') return;
        return this.#declarePattern(i + 2, this.#tokens[i + 1]!.partner, this.#blockRegion(i));
      }
    }
    // A method, getter or setter of a class or an object: a name, then parameters, then a body.
    if (this.#text(i + 1) === '(' && this.#isMember(i)) {
      const end = this.#tokens[i + 1]!.partner;
      if (this.#text(end + 1) !== '{') return;
      this.#methods.add(i);
      this.#declareParameters(i, i + 1, this.#tokens[end + 1]!.partner);
    }
  }

  #declareFunction(i: number): void {
    let at = i + 1;
    if (this.#text(at) === '*') at++;
    const named = this.#text(at) !== '(';
    const parameters = named ? at + 1 : at;
    const end = this.#tokens[this.#tokens[parameters]!.partner + 1]!.partner;
    this.#declareParameters(i, parameters, end);
    if (named) {
      this.#declare(this.#text(at), [i, end]);
      this.#declare(this.#text(at), this.#blockRegion(i));
    }
  }

  /** @param parameters index of the opening parenthesis. */
  #declareParameters(from: number, parameters: number, end: number): void {
    const region: Region = [from, end];
    this.#thisRegions.push(region);
    this.#declarePattern(parameters + 1, this.#tokens[parameters]!.partner, region);
  }

  #declareArrow(i: number): void {
    const before = this.#tokens[i - 1]!;
    const from = before.text === ')' ? before.partner : i - 1;
    let end: number;
    if (this.#text(i + 1) === '{') end = this.#tokens[i + 1]!.partner;
    else {
      end = i + 1;
      for (; end < this.#tokens.length; end++) {
        const { text, partner } = this.#tokens[end]!;
        if (partner > end) end = partner;
        else if (partner >= 0 || text === ',' || text === ';') break;
      }
    }
    if (before.text === ')') this.#declarePattern(from + 1, i - 1, [from, end]);
    else this.#declare(before.text, [from, end]);
  }

  #declareClass(i: number): void {
    let at = i + 1;
    const named = this.#tokens[at]!.kind === 'name' && this.#text(at) !== 'extends';
    if (named) this.#declare(this.#text(at), this.#blockRegion(i));
    while (this.#text(at) !== '{')
      at = this.#tokens[at]!.partner > at ? this.#tokens[at]!.partner + 1 : at + 1;
    this.#thisRegions.push([at, this.#tokens[at]!.partner]);
    this.#classBodies.add(at);
  }

  #declareVariables(i: number): void {
    const region = this.#text(i) === 'var' ? this.#functionRegion(i) : this.#blockRegion(i);
    let at = i + 1;
    for (;;) {
      const end = this.#tokens[at]!.partner > at ? this.#tokens[at]!.partner : at;
      this.#declarePattern(at, end + 1, region);
      at = end + 1;
      // Skips the initial value, up to the next name or the end of the declaration.
      for (; at < this.#tokens.length; at++) {
        const { text, partner, kind } = this.#tokens[at]!;
        if (partner > at) at = partner;
        else if (partner >= 0 || text === ';' || text === ',' || (kind === 'name' && /^(of|in)$/.test(text)))
          break;
        else if (kind === 'name' && /^(const|let|var|function|class|return|if|for|while)$/.test(text)) break;
      }
      if (this.#text(at) !== ',') return;
      at++;
    }
  }

  /** Declares the names that the patterns between these tokens bind. */
  #declarePattern(start: number, end: number, region: Region): void {
    for (let i = start; i < end; i++) {
      const token = this.#tokens[i]!;
      if (token.text === '=' && token.kind === 'mark') {
        // Skips a default value, up to the comma.
        for (i++; i < end && this.#text(i) !== ','; i++)
          if (this.#tokens[i]!.partner > i) i = this.#tokens[i]!.partner;
      } else if (token.text === '{' || token.text === '[') {
        const before = this.#text(i - 1);
        const isKey =
          token.text === '[' && (before === '{' || before === ',') && this.#text(token.partner + 1) === ':';
        if (!isKey) this.#declarePattern(i + 1, token.partner, region);
        i = token.partner;
      } else if (token.kind === 'name' && this.#text(i + 1) !== ':') this.#declare(token.text, region);
    }
  }

  #declare(name: string, region: Region): void {
    const regions = this.#declared.get(name);
    if (regions === undefined) this.#declared.set(name, [region]);
    else regions.push(region);
  }

  /** The region of the innermost block around the token. */
  #blockRegion(i: number): Region {
    let { enclosing } = this.#tokens[i]!;
    while (enclosing >= 0 && this.#text(enclosing) !== '{') ({ enclosing } = this.#tokens[enclosing]!);
    if (enclosing < 0) return [0, this.#tokens.length];
    return [enclosing, this.#tokens[enclosing]!.partner];
  }

  /** The region of the innermost function around the token. */
  #functionRegion(i: number): Region {
    let { enclosing } = this.#tokens[i]!;
    let region: Region = [0, this.#tokens.length];
    for (; enclosing >= 0; { enclosing } = this.#tokens[enclosing]!) {
      if (this.#text(enclosing) !== '{') continue;
      region = [enclosing, this.#tokens[enclosing]!.partner];
      const before = this.#text(enclosing - 1);
      if (before === '=>') break;
      const head = before === ')' ? this.#tokens[enclosing - 1]!.partner - 1 : -1;
      if (head >= 0 && !/^(if|for|while|switch|with|catch|await)$/.test(this.#text(head))) break;
    }
    return region;
  }

  // ── uses ────────────────────────────────────────────────────────────────────────────

  /** The captured name that the token is, or null. */
  #findCaptured(i: number): CapturedName | null {
    const { kind, text: name } = this.#tokens[i]!;
    if (kind !== 'name' || name.startsWith('#') || this.#isProperty(i) || this.#methods.has(i)) return null;
    const next = this.#text(i + 1);
    if (name === 'this' || name === 'super' || name === 'arguments' || (name === 'new' && next === '.')) {
      if (this.#thisRegions.some(([from, to]) => from <= i && i <= to)) return null;
      const used = name === 'new' ? 'new.target' : name;
      return { name: used, reason: `it uses ${used} of what is around it` };
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
    if (KEYWORDS.has(name) || this.#isKey(i) || this.#isContextualKeyword(i)) return null;
    if (this.#declared.get(name)?.some(([from, to]) => from <= i && i <= to)) return null;
    if (name === 'require') {
      const module = this.#tokens[i + 2];
      const isPlain = next === '(' && module?.kind === 'string' && this.#text(i + 3) === ')';
      if (isPlain && !/^.[./\\]/.test(module.text)) return null;
      return {
        name: 'require',
        reason: 'it requires a file by a path relative to where the function stands',
      };
    }
    if (name === 'eval') return { name: 'eval', reason: 'it uses eval, which can reach anything around it' };
    return GLOBALS.has(name) ? null : { name };
  }

  /** Whether the token stands after a dot. */
  #isProperty(i: number): boolean {
    const before = this.#text(i - 1);
    return (before === '.' || before === '?.') && this.#tokens[i - 1]!.kind === 'mark';
  }

  /** Whether the token is a `key:` in an object or pattern, a label, or a field of a class. */
  #isKey(i: number): boolean {
    const before = this.#text(i - 1);
    const next = this.#text(i + 1);
    if (next === ':') return before === '{' || before === ',' || before === ';' || before === '}';
    if (/^(break|continue)$/.test(before) && !this.#isProperty(i - 1)) return true;
    const inClass = this.#classBodies.has(this.#tokens[i]!.enclosing);
    return inClass && /^(=|;|\})$/.test(next) && /^(\{|;|\}|static)$/.test(before);
  }

  /** Whether the token stands directly in the braces of a class or an object. */
  #isMember(i: number): boolean {
    const { enclosing } = this.#tokens[i]!;
    if (enclosing < 0 || this.#text(enclosing) !== '{') return false;
    if (!this.#classBodies.has(enclosing) && isBlock(this.#tokens, enclosing)) return false;
    return /^(\{|,|;|\}|\*|get|set|async|static)$/.test(this.#text(i - 1));
  }

  /** Whether the token is `async`, `of`, `get`, `set` or `static` as a keyword, not as a name. */
  #isContextualKeyword(i: number): boolean {
    const name = this.#text(i);
    const next = this.#tokens[i + 1];
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
        const { enclosing } = this.#tokens[i]!;
        const isMember =
          enclosing >= 0 && (this.#classBodies.has(enclosing) || !isBlock(this.#tokens, enclosing));
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
