/**
 * The classes of errors that stand around a function in its module, exported or not. An error that
 * a worker's copy of the function threw is of the worker's copy of the class; here it has to be of
 * this thread's. V8's inspector tells what stands around a function, in some 1.5 ms, and imports
 * nothing. The answer is null where there is no inspector, as in `functions/locate-function.ts`.
 */
import type { Session } from 'node:inspector';
import { bridge } from '../../tasks/core/trace.ts';
import { PoolClosedError, WorkerError } from '../core/errors.ts';
import type { ErrorClass } from '../transport/serialized-error.ts';

/** The global symbol under which the inspector finds the function. */
const ASKED = 'simul.asked.scopes';
/** Of the pool's own, which a function may throw that uses a pool. */
const OWN: readonly (ErrorClass & { readonly name: string })[] = [PoolClosedError, WorkerError];
/** Classes by their names. */
const known = new WeakMap<object, Map<string, ErrorClass | null>>();

/** @returns the class of this name that the function can use; null when there is none. */
export function findErrorClass(fn: object, name: string): ErrorClass | null {
  let classes = known.get(fn);
  if (classes === undefined) known.set(fn, (classes = new Map()));
  let found = classes.get(name);
  if (found === undefined) {
    found = searchScopes(fn, name) ?? OWN.find((each) => each.name === name) ?? null;
    classes.set(name, found);
  }
  return found;
}

function searchScopes(fn: object, name: string): ErrorClass | null {
  const key = Symbol.for(ASKED);
  const asked: { fn: object; found: unknown } = { fn, found: undefined };
  let session: Session | null = null;
  Object.defineProperty(globalThis, key, { value: asked, configurable: true });
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    bridge.beginInspecting();
    session = new inspector.Session();
    session.connect();
    const global = `globalThis[Symbol.for(${JSON.stringify(ASKED)})]`;
    const { result } = request(session, 'Runtime.evaluate', { expression: `${global}.fn` });
    const { internalProperties } = propertiesOf(session, (result as RemoteObject).objectId!);
    const scopes = internalProperties?.find((each) => each.name === '[[Scopes]]')?.value?.objectId;
    if (scopes === undefined) return null;
    for (const { value: scope } of propertiesOf(session, scopes).result) {
      // The last scope is the global one, which every thread has.
      if (scope?.objectId === undefined || scope.description === 'Global') continue;
      const variable = propertiesOf(session, scope.objectId).result.find((each) => each.name === name);
      if (variable?.value?.objectId === undefined) continue;
      request(session, 'Runtime.callFunctionOn', {
        objectId: variable.value.objectId,
        functionDeclaration: `function () { ${global}.found = this; }`,
      });
      return isErrorClass(asked.found) ? asked.found : null;
    }
    return null;
  } catch {
    return null;
  } finally {
    session?.disconnect();
    Reflect.deleteProperty(globalThis, key);
  }
}

interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
}
interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

function propertiesOf(session: Session, objectId: string): Properties {
  return request(session, 'Runtime.getProperties', {
    objectId,
    ownProperties: true,
  }) as unknown as Properties;
}

/** The result of a command; it comes before `post` returns, for the inspector is on this thread. */
function request(session: Session, method: string, params: object): Record<string, unknown> {
  let response: Record<string, unknown> = {};
  session.post(method, params, (error: Error | null, result?: object) => {
    if (error === null) response = result as Record<string, unknown>;
  });
  return response;
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && (value as ErrorClass).prototype instanceof Error;
}
