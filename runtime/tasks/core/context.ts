/**
 * What Node carries along an async call, and where tasks take part in it:
 *
 *   spawn     a task keeps the context of who made it: every AsyncLocalStorage, whoever's it is
 *   step      a coroutine runs in it at each step; an async function is called in it, and V8
 *             carries it on from there
 *   pump      runs in no context, so that no step sees that of who woke it
 *   callback  `then`, `onDone`: the context of who passed it
 *
 * After the context of asyncio's tasks (PEP 567). A context that holds nothing is not kept, so a
 * program without AsyncLocalStorage pays for one object a task.
 *
 * The library's own storage says which task an async function belongs to behind an `await` of
 * something outside: without it such a function could neither be cancelled at its later waits nor
 * ask for its task. It is switched on when the first async function begins.
 */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { STATE } from './future-state.ts';
import { type Runner, scheduler } from './runner.ts';

/** The task that code belongs to, or only its run; a task that has ended stands for its run. */
const storage = new AsyncLocalStorage<Runner | RunOnly | null>();

/** The run of a callback that belongs to no task. */
interface RunOnly {
  readonly onlyRun: object;
}
let isEnabled = true;

/** Nobody is told when the object is collected: that would cost more than the object. */
const OPTIONS = { requireManualDestroy: true };

const makeResource = (): AsyncResource => new AsyncResource('SimulTask', OPTIONS);

/** What Node has put on a resource: numbers always, and where the context is. */
type Marked = Record<symbol, unknown>;

/** Node 24 and newer keep a context in one property; undefined: there is none. */
const frameSymbol = Object.getOwnPropertySymbols(makeResource()).find(
  (symbol) => symbol.description === 'context_frame',
);
// Inside a resource, since what `run` and `disable` leave behind there is an empty context.
const hasFrames =
  frameSymbol !== undefined &&
  makeResource().runInAsyncScope(() =>
    storage.run(null, () => (makeResource() as unknown as Marked)[frameSymbol] !== undefined),
  );
storage.disable();

/** The others keep each storage's value in a property of its own, beside two or three numbers. */
const isOfStorage = (symbol: symbol): boolean => symbol.description === 'kResourceStore';

function holdsNothing(resource: AsyncResource): boolean {
  if (!hasFrames) return Object.getOwnPropertySymbols(resource).length === bareCount;
  const frame = frameOf(resource);
  return frame === undefined || frame.size === 0;
}

/** A context on Node 24: what each storage holds. */
const frameOf = (resource: AsyncResource): ReadonlyMap<unknown, unknown> | undefined =>
  (resource as unknown as Marked)[frameSymbol!] as ReadonlyMap<unknown, unknown> | undefined;

/** Nothing but which task the code belongs to that made it. */
function holdsOnlyTask(resource: AsyncResource): boolean {
  if (!hasFrames) return false;
  const frame = frameOf(resource)!;
  return frame.size === 1 && frame.has(storage);
}

/** A resource of no context, whoever loads this file. */
function makeBareResource(): AsyncResource {
  const resource = makeResource();
  if (hasFrames) (resource as unknown as Marked)[frameSymbol!] = undefined;
  else {
    for (const symbol of Object.getOwnPropertySymbols(resource))
      if (isOfStorage(symbol)) delete (resource as unknown as Marked)[symbol];
  }
  return resource;
}

const bare = makeBareResource();
const bareCount = Object.getOwnPropertySymbols(bare).length;

function current(): Runner | null {
  const store = storage.getStore() ?? null;
  // Code that goes on after its task has ended belongs to no task.
  return store === null || 'onlyRun' in store || store.flags & STATE ? null : store;
}

scheduler.setTurnRunner((turn) => bare.runInAsyncScope(turn));

/** Half of what `storage.run` costs: the scope around it ends the context. */
function enterAndCall<A extends unknown[], R>(task: Runner, fn: (...args: A) => R, args: A): R {
  storage.enterWith(task);
  return fn(...args);
}

/** A context to go back to. */
export type Context = AsyncResource;

export const context = {
  /** Sets whether contexts are kept; a run's option `context`. */
  setEnabled(enabled: boolean): void {
    isEnabled = enabled;
  },

  /** The context of the code that executes, without its task; null: it is none, or none is kept. */
  captureDetached(): Context | null {
    const run = isEnabled && scheduler.hasContext ? context.scope() : null;
    return run === null ? context.capture() : storage.run({ onlyRun: run }, makeResource);
  },

  /** The context of the code that executes; null: it is none, or none is kept. */
  capture(): Context | null {
    if (!isEnabled) return null;
    const resource = makeResource();
    return holdsNothing(resource) ? null : resource;
  },

  /** The same, for a function that is called by `runAs`. */
  captureForCall(): Context | null {
    if (!isEnabled) return null;
    const resource = makeResource();
    return holdsNothing(resource) || holdsOnlyTask(resource) ? null : resource;
  },

  /** The same, as that of code which is the task's. */
  captureAs(task: Runner): Context | null {
    return isEnabled && scheduler.hasContext ? storage.run(task, makeResource) : context.capture();
  },

  /** The run that the code which executes belongs to, as far as a context tells; null: none. */
  scope(): object | null {
    const store = storage.getStore() ?? null;
    if (store === null) return null;
    return 'onlyRun' in store ? store.onlyRun : store.scope;
  },

  /** From here on code finds its task behind an `await` of something else. */
  follow(): void {
    if (isEnabled) scheduler.setContext(current);
  },

  /**
   * Calls the function as the task's. Whatever it begins is the task's, too.
   * @param within the context that executes, by its `runInAsyncScope`; null: it is none
   */
  runAs<A extends unknown[], R>(task: Runner, within: Context | null, fn: (...args: A) => R, ...args: A): R {
    if (!isEnabled) return fn(...args);
    context.follow();
    if (!hasFrames) return storage.run(task, fn, ...args);
    if (within === null) return bare.runInAsyncScope(enterAndCall<A, R>, undefined, task, fn, args);
    return enterAndCall(task, fn, args);
  },

  /** No task is left: Node need not carry anything any more. */
  stop(): void {
    scheduler.setContext(null);
    storage.disable();
  },
};
