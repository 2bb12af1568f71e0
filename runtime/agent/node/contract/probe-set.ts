/**
 * What instrumented code calls. The instrumentation (source → source) and the probes (what the
 * calls do) know each other only through this file. It holds no code.
 *
 * Shape of an instrumented async function. Everything stays on the lines of the source, so that
 * line numbers never move (`$p` is the probe set, `$b()` the file's first site id):
 *
 *   async function f(url) { const $a = $p.enter($b(), 0); try {
 *     const r = $p.resume($a, await $p.suspend($a, 1, fetch(url)));
 *     try { … } catch (e) { $p.caught($a, e); … }
 *     finally { const $f = $p.finallyIn($a); …; $p.finallyOut($a, $f) }
 *     return $p.ret($a, 2, g(r));
 *   $p.done($a) } finally { $p.exit($a) } }
 *
 * The user's errors pass no `catch` of ours: a debugger that stops on uncaught errors must still
 * see them as uncaught. So marks (`ret`, `done`) tell how an activation ended.
 */

/** One row of a file's site table. Its index + the file's base = its site id in the process. */
export interface Site {
  /**
   * `function`: an activation begins here. `await`, `yield`, `return`, `for-await`, `timer`: it may
   * wait here. `call`: a promise, a task or a resource is made here.
   */
  readonly role: 'function' | 'await' | 'return' | 'yield' | 'for-await' | 'timer' | 'call';
  /** 1-based line and 1-based column (UTF-16 units) in the file the user wrote. */
  readonly line: number;
  readonly column: number;
  /**
   * Name of the enclosing function as V8 names it: "f", "Store.load", "<anonymous>", "<module>".
   */
  readonly fn: string;
  /**
   * What is awaited, returned, yielded or called, as written, with whitespace folded, at most 80
   * characters; '' for functions.
   */
  readonly text: string;
  /** True when the operand is itself a call: `await f(x)`. */
  readonly direct: boolean;
  /**
   * `hashLine` (trace/format/hash.ts) of the source line: it tells whether the file was edited
   * since.
   */
  readonly lineHash: number;
  /**
   * The file that this site was compiled from, by the file's own source map. Absent where it is the
   * table's path.
   */
  readonly path?: string;
  /** Present only on a `function` that is an async generator. */
  readonly generator?: true;
}

/** One activation, opaque to instrumented code. */
export interface Activation {
  readonly id: number;
}

export interface ProbeSet {
  /**
   * Registers an instrumented file and its table (JSON of `Site[]`), once, at the first activation
   * in it.
   * @returns the process-wide id of the table's first site. The emitted `function $b()` keeps it.
   *   It is hoisted, so it also works when a circular import calls into a module before its body
   *   ran.
   */
  file(path: string, table: string): number;
  /**
   * The body of an async function, method, arrow or generator begins. The promise that V8 made just
   * before is its own.
   */
  enter(base: number, site: number): Activation;
  /** The operand of `await` was computed; returns it unchanged. */
  suspend<T>(activation: Activation, site: number, operand: T): T;
  /** The await came back with a value; returns it unchanged. */
  resume<T>(activation: Activation, value: T): T;
  /**
   * First thing in every `catch` of the user's: the activation runs again if it was waiting. The
   * error is inspected and left as it is.
   */
  caught(activation: Activation, error: unknown): void;
  /**
   * First and last thing in every `finally` of the user's. The token carries the completion over
   * it.
   */
  finallyIn(activation: Activation): number;
  finallyOut(activation: Activation, token: number): void;
  /** `return E` in an async function. If E is a promise, the activation's outcome waits for it. */
  ret<T>(activation: Activation, site: number, value: T): T;
  /** The body reached its end. */
  done(activation: Activation): void;
  /** Always last, in a `finally` of ours: the activation leaves the stack for good. */
  exit(activation: Activation): void;
  /** `yield E` in an async generator; `resume` is called when the consumer comes back. */
  yielding<T>(activation: Activation, site: number, value: T): T;
  /** `new Promise(…)` anywhere in the file; returns it. */
  made<T>(base: number, site: number, promise: T): T;
  /**
   * Tells the library where the user's code stands, just before the library acts: at a `yield` of a
   * coroutine, or at a call of the library. Returns its last argument unchanged.
   */
  at<T>(base: number, site: number, value: T): T;
  /** The operand of `for await`; returns an iterable of the same kind (async or sync), observed. */
  iterate<T>(activation: Activation, site: number, iterable: T): T;
  /** First thing in the body of `for await`, and first thing after the loop. */
  stepped(activation: Activation): void;
}
