/**
 * What instrumented code calls. The instrumentation (source → source) and the
 * probes (what the calls do) know each other only through this file.
 *
 * Shape of an instrumented async function; all on the lines of the source, so
 * that line numbers never move (`$p` is the probe set, `$b()` the file's first site id):
 *
 *   async function f(url) { const $a = $p.enter($b(), 0); try {
 *     const r = $p.resume($a, await $p.suspend($a, 1, fetch(url)));
 *     try { … } catch (e) { $p.caught($a, e); … }
 *     finally { const $f = $p.finallyIn($a); …; $p.finallyOut($a, $f) }
 *     return $p.ret($a, 2, g(r));
 *   $p.done($a) } finally { $p.exit($a) } }
 *
 * There is no `catch` of ours on the way of the user's errors: a debugger that
 * stops on uncaught errors must still see them as uncaught. How an activation
 * ended is therefore told by marks (`ret`, `done`) and not by catching.
 */

/** One row of a file's site table. Index in the table + the file's base = site id of the process. */
export interface Site {
  /** `function`: an activation begins here; `await`: it may wait here; `yield`, `return`, `timer`: likewise; `call`: a promise is made. */
  readonly role: 'function' | 'await' | 'return' | 'yield' | 'for-await' | 'timer' | 'call';
  /** 1-based line and 1-based column (UTF-16 units) in the file the user wrote. */
  readonly line: number;
  readonly column: number;
  /** Name of the enclosing function as V8 would name it ("f", "Store.load", "<anonymous>", "<module>"). */
  readonly fn: string;
  /** What is awaited, returned or yielded, as written, whitespace folded, at most 80 characters; '' for functions. */
  readonly text: string;
  /** True when the operand is itself a call: `await f(x)`. */
  readonly direct: boolean;
  /** `hashLine` (runtime/trace/format/hash.ts) of the source line: tells a reader that the file was edited since. */
  readonly lineHash: number;
  /** Only when it differs from the table's: the file this site was compiled from, through the file's own source map. */
  readonly path?: string;
  /** Only of a `function` that is an async generator. */
  readonly generator?: true;
}

/** One activation: opaque to instrumented code. */
export interface Activation {
  readonly id: number;
}

export interface ProbeSet {
  /**
   * Registers an instrumented file and its table (JSON of `Site[]`), once, at the first activation in it.
   * @returns the process-wide id of the table's first site. The emitted `function $b()` keeps it; being a
   * hoisted function it also works when a circular import calls into a module before its body ran.
   */
  file(path: string, table: string): number;
  /** An async function, method, arrow or async generator body begins; the promise V8 made just before is its own. */
  enter(base: number, site: number): Activation;
  /** The operand of `await` was computed; returns it unchanged. */
  suspend<T>(act: Activation, site: number, operand: T): T;
  /** The await came back with a value; returns it unchanged. */
  resume<T>(act: Activation, value: T): T;
  /** First thing in every user `catch`: the activation runs again if it was waiting; the error is only looked at. */
  caught(act: Activation, error: unknown): void;
  /** First and last thing in every user `finally`; the token carries the pending completion over it. */
  finallyIn(act: Activation): number;
  finallyOut(act: Activation, token: number): void;
  /** `return E` in an async function: E may be a promise, and then the activation's outcome waits for it. */
  ret<T>(act: Activation, site: number, value: T): T;
  /** The body fell off its end. */
  done(act: Activation): void;
  /** Always last, in our own `finally`: the activation has left the stack for good. */
  exit(act: Activation): void;
  /** `yield E` in an async generator; `resume` is called when the consumer comes back. */
  yielding<T>(act: Activation, site: number, value: T): T;
  /** `new Promise(…)` anywhere in the file; returns it. */
  made<T>(base: number, site: number, promise: T): T;
  /**
   * Comes before what the library does next: where the user's code stands (a `yield` of a coroutine, a call of the library's).
   * Returns its last argument unchanged.
   */
  at<T>(base: number, site: number, value: T): T;
  /** The operand of `for await`; returns an iterable of the same kind (async or sync) whose `next` is seen. */
  iterate<T>(act: Activation, site: number, iterable: T): T;
  /** First thing in the body of `for await` and first thing after the loop. Cheap when already running. */
  stepped(act: Activation): void;
}
