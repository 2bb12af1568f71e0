/**
 * What instrumented code calls. The instrumentation (source → source) and the probes (what the
 * calls do) know each other only through this file. It holds no code.
 *
 * Shape of an instrumented async function. Everything stays on the lines of the source, so that
 * line numbers never move. Each name has the prefix of `emitted-names.ts`, left out here:
 *
 *   async function f(url) { const a = (s = 0, E(b()));
 *     const r = (t = await (t = fetch(url), s = 1, S(a)), R(a));
 *     try { … } catch (e) { t = e; C(a); … }
 *     finally { I(a, 0); …; P(a, 0); }
 *     return (t = g(r), s = 2, Q(a));
 *   ; D(a); }
 *
 * What is awaited and then called, constructed or taken apart keeps its `await` outermost, since V8
 * describes it in errors: `(await (t = x, s = 1, S(a))).g(...Z(a))` (`instrument/resume-later.ts`).
 *
 * A callback, which is not async (`instrument/callbacks.ts`): `const a = (s = 0, W(b())); try { …
 * return (t = x, Wr(a)); … K(a); } finally { Wx(a); }`.
 *
 * `b()` is the id of the file's first site. `t` and `s` are variables of the realm that carry the
 * operand and the site to the probe called next. They keep the stack small: V8 holds a register for
 * each argument that waits for the next to be evaluated, and with `t` nothing of ours is held while
 * the user's operand is. A frame grows by one register, `a`.
 *
 * How does an activation end? The user's errors pass no `catch` of ours: a debugger that stops on
 * uncaught errors must still see them as uncaught. So marks tell how the body ended, and there are
 * two forms of a function:
 *
 *   plain     full depth: `Q`, `D`, `P` end the activation. Without them an error came out, and the
 *             promise hook that reports the settled promise ends it.
 *   guarded   `G` instead of `E`, `try { … } finally { X(a); }` around the body, `V` and `K`
 *             instead of `Q` and `D`. In light depth, where no hook tells; for generators; and
 *             where other code runs between the `return` and the end (a loop that closes its
 *             iterator, `using`) or between the promise and the body (parameters with patterns).
 *             It takes three to five registers more.
 *
 * A generator that is not async is left alone, unless the person asks to see them
 * (`simul trace --generators`). Then it has the guarded form, with `Yb` instead of `G`, and a
 * `yield` becomes `(t = yield (t = x, s = 1, Y(a)), Yn(a))`. A `yield*` has the probe before it.
 * `return()` and `throw()` come to the next `catch` or `finally`, ours at the latest.
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
   * characters. Of a function: the call that it is passed to and that drops its promise
   * (`files.forEach`); else ''.
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
  /** Present only on a `function` that is a callback. */
  readonly callback?: CallbackKind;
  /** Present only on a `function` that is an async generator. */
  readonly generator?: true;
  /**
   * The object that the call asks. The probe is given its root: a variable, `this` or a private
   * field. Absent: there is none that can be read again.
   */
  readonly receiver?: SiteReceiver;
  /**
   * How many of the rows behind this one stand inside the call: those of functions that it is
   * given are among them. Absent: none.
   */
  readonly span?: number;
  /** The call is one that gives back or stops what it is called on, by its name. */
  readonly releases?: true;
  /** The call takes something to keep from what it is called on, by its name. */
  readonly takes?: true;
  /** What is looked at when the call is over. */
  readonly tells?: Telling;
  /** What it is sent to may keep what it was given. */
  readonly sends?: true;
  /** Of such a call: the row of the `new Promise` around it. */
  readonly within?: number;
  /** Of a `new Promise`: listeners for these events of one emitter alone can settle it. */
  readonly hears?: readonly string[];
  /** Rules that a comment silences at this line, with blanks between them; absent: none. */
  readonly ignores?: string;
  /** `void f()`: that nobody takes the promise is meant. */
  readonly isMeant?: true;
  /** A plain function that gives back what a `return` above may still need. */
  readonly isLease?: true;
  /** `Promise.withResolvers()` */
  readonly defers?: true;
  /** An await in a loop that asks the same each time round. */
  readonly asksAgain?: true;
  /** A step of an update of what several runs share. */
  readonly shared?: SharedStep;
  /** A stream is made: so many of the functions that it calls have the rows behind this one. */
  readonly streamMethods?: number;
  /** What the parser saw that no event tells: one of SITE_NOTE; absent: nothing. */
  readonly note?: number;
  /** A function that has to call the parameter of this name when it is done. */
  readonly callsBack?: string;
  /** The call of that parameter: the row of the function. */
  readonly backOf?: number;
  /** Of such a call that comes right behind another one: the row of that. */
  readonly again?: number;
}

/**
 * A function has read something, and will write what it computed from it after an await; or it is
 * about to write it, or has. `asks`: it has called for what an await will give. `misses`: a
 * condition looks whether it is there, `makes`: it is written after an await that made it.
 * `awaits`: it will listen to events of an emitter after the await. `given`: it begins, and a
 * parameter may be an AbortSignal; `looks`: it has looked whether that is aborted. `filters`:
 * a list was asked by an async function. `sets`: it has kept an answer that it awaited; `answers`:
 * one that it was given. `wrote`: somebody has written what another may update over an await.
 * `tells`: a subject has sent something; `hears`, `heard`: its first or last value is asked for,
 * and was. `begins`: what a function was given is about to be called in a `try`, or in its `catch`
 * (`key`); the name is the row of the function. The probe is given the owner: an object, or 0 where
 * the file has one such thing alone.
 */
export interface SharedStep {
  readonly how:
    | 'asks'
    | 'reads'
    | 'writes'
    | 'misses'
    | 'makes'
    | 'awaits'
    | 'given'
    | 'looks'
    | 'filters'
    | 'sets'
    | 'answers'
    | 'wrote'
    | 'tells'
    | 'hears'
    | 'heard'
    | 'begins';
  /** As written: "this.total". */
  readonly name: string;
  /** The properties that lead from there to the owner itself. */
  readonly keys: readonly string[];
  /** The property, the key or the variable; absent: the probe is given a pair of owner and key. */
  readonly key?: string;
  /** The names of the events. */
  readonly events?: readonly string[];
  /** One of several things that the owner keeps by such a key. */
  readonly noun?: string;
  /** What is kept is no answer: the function was given it. */
  readonly isGiven?: true;
}

export interface SiteReceiver {
  /** As written: "this.pool". */
  readonly name: string;
  /** The names of the properties that lead to it from the root. */
  readonly keys: readonly string[];
  /** Its root is `this`. */
  readonly ofThis?: true;
  /**
   * The variable that holds the key that is '': the probe is given the root and its value as a
   * pair.
   */
  readonly index?: string;
  /**
   * The same pair of a call that emits an event: what holds the event's name, or that with this
   * property.
   */
  readonly event?: string;
}

/**
 * `write`, `emit`: by `false` it says that nobody took what it was given. `dispatch`: an event is
 * sent to an event target. `listen`: somebody listens from now on. `abort`: an AbortController may
 * have aborted its signal.
 */
export type Telling = 'write' | 'emit' | 'dispatch' | 'listen' | 'await' | 'await-own' | 'abort';

/** Those of ACTIVATION_KINDS that are callbacks. */
export type CallbackKind =
  'timer-callback' | 'io-callback' | 'event-callback' | 'tick-callback' | 'promise-callback';

/** One activation, opaque to instrumented code. */
export interface Activation {
  readonly id: number;
}

/** None of these throws, and none but `iterate` returns anything: the realm hands operands on. */
export interface ProbeSet {
  /**
   * Registers an instrumented file and its table (JSON of `Site[]`), once, at the first activation
   * in it.
   * @returns the process-wide id of the table's first site. The emitted `function b()` keeps it.
   *   It is hoisted, so it also works when a circular import calls into a module before its body
   *   ran.
   */
  file(path: string, table: string): number;
  /**
   * The body of an async function, method or arrow begins. The promise that V8 made just before is
   * its own; when that is settled, the activation ends.
   */
  enter(base: number, site: number): Activation;
  /** The same for the guarded form, and for a module's body. */
  enterGuarded(base: number, site: number): Activation;
  /** The operand of `await` was computed. `root`: of the site's receiver, where it has one. */
  suspend(activation: Activation, site: number, operand: unknown, root?: unknown): void;
  /** The await came back with this value. */
  resume(activation: Activation, value?: unknown): void;
  /** The await came back before, and the probe does not see with what (resume-later.ts). */
  resumeLater(activation: Activation): void;
  /**
   * First thing in every `catch` of the user's: the activation runs again if it was waiting. The
   * error is inspected and left as it is.
   */
  caught(activation: Activation, error: unknown): void;
  /**
   * First and last thing in every `finally` of the user's. Between them the activation keeps the
   * completion, at a place of its own for each level of `finally` within `finally`.
   */
  finallyIn(activation: Activation, level: number): void;
  finallyOut(activation: Activation, level: number): void;
  /** As `finallyOut`, in the plain form: no other `finally` of the function is left to run. */
  finallyLeave(activation: Activation, level: number): void;
  /** `return E` in an async function. If E is a promise, the activation's outcome waits for it. */
  ret(activation: Activation, site: number, value: unknown, root?: unknown): void;
  /** As `ret` and `exit`. `return await E` resumes and leaves in one. */
  leave(activation: Activation, site: number, value: unknown, root?: unknown): void;
  /** The body reached its end. */
  done(activation: Activation): void;
  /** As `done` and `exit`. */
  end(activation: Activation): void;
  /** In the `finally` of the guarded form: the activation leaves the stack for good. */
  exit(activation: Activation): void;
  /**
   * The body of a callback begins (`instrument/callbacks.ts`). Where something of the program's
   * runs already, it belongs to that, and what is returned stands for nothing.
   */
  enterCallback(base: number, site: number): Activation;
  /** In the `finally` around a callback's body. */
  leaveCallback(activation: Activation): void;
  /**
   * `yield E` in a generator. When the consumer comes back, `resume` is called in an async one,
   * `sent` in another.
   */
  yielding(activation: Activation, site: number, value: unknown): void;
  /** The body of a generator that is not async begins, at the first `next`. */
  enterGenerator(base: number, site: number): Activation;
  /** `next(value)` resumed such a generator. */
  sent(activation: Activation, value: unknown): void;
  /** `new Promise(…)` anywhere in the file, or a call whose value nobody takes. */
  made(base: number, site: number, promise: unknown, root?: unknown): void;
  /** The function that `new Promise` is given begins, in full depth: what it got of V8. */
  given(first: unknown, second: unknown): void;
  /** A function that `stream` calls to work for it begins; or one that was given a signal. */
  streamCalled(base: number, site: number, stream: unknown): void;
  /**
   * A call of a site with a receiver, whose value goes to a caller, a variable or a list; or a step
   * of an update.
   */
  asked(base: number, site: number, value: unknown, root: unknown): void;
  /**
   * Tells the library where the user's code stands, just before the library acts: at a `yield` of a
   * coroutine, or at a call of the library.
   */
  at(base: number, site: number): void;
  /** The operand of `for await`; returns an iterable of the same kind (async or sync), observed. */
  iterate<T>(activation: Activation, site: number, iterable: T): T;
  /** First thing in the body of `for await`, and first thing after the loop. */
  stepped(activation: Activation): void;
  /**
   * No emitted text calls it: the helper thread does, while other code holds this thread.
   * @param heldNs for how long
   * @param askedNs when it asked, ns
   * @param ranNs the time of the thread up to then
   */
  held(heldNs: number, askedNs: number, ranNs: number): void;
}
