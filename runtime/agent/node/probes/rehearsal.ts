/**
 * Runs every probe once before the program begins, while the recorder's ring shows nothing of it.
 * V8 compiles a function when it is first called, and refuses to where less than 40 KiB of stack
 * are left: a deep recursion would end there, for its first `return` is where it is deepest.
 *
 * Only what may run between a function's begin and its end has to be here. It is done with the
 * probes themselves and once: V8 must not learn from it that there are two of each, nor what they
 * are called with.
 */
import { PROBE } from '../contract/emitted-names.ts';
import type { Realm } from '../contract/publish-probes.ts';
import type { PromiseHooks } from '../promises/promise-hooks.ts';
import type { Probes } from './probes.ts';

const SITES = JSON.stringify([
  ...['function', 'await', 'return'].map((role) => ({ role, line: 1, column: 1, fn: 'f', text: 'x' })),
  {
    role: 'await',
    line: 1,
    column: 1,
    fn: 'f',
    text: 'x',
    receiver: { name: 'lock.inner', keys: ['inner'] },
    releases: true,
  },
]);

const pending = (): Promise<void> => new Promise(() => {});

/**
 * Called before the promise hooks are there.
 * @param hooks null in light depth
 */
export function rehearse(realm: Realm, probes: Probes, hooks: PromiseHooks | null): void {
  // Node's own work for a rejected promise comes first where a recursion ends.
  Promise.reject(new Error('a rehearsal')).catch(() => {});
  const base = probes.file('', SITES);
  const call = (name: string, first: unknown, second?: unknown): unknown => realm[name]!(first, second);

  /**
   * As V8 does: a promise, the function, the await and its promises, the settled promise.
   * @param watched the promise hooks see it
   */
  function activate(enter: string, watched: boolean, leave: (activation: unknown) => void): void {
    const seeing = watched ? hooks : null;
    const own = pending();
    seeing?.init(own, undefined);
    const activation = call(enter, base);
    const reaction = pending();
    call(PROBE.suspend, activation);
    seeing?.init(reaction, own);
    seeing?.before(reaction);
    call(PROBE.resume, activation);
    call(PROBE.resumeLater, activation);
    call(PROBE.resumeInCall, activation);
    leave(activation);
    seeing?.settled(own);
    seeing?.after();
  }

  activate(PROBE.enter, false, (activation) => {
    call(PROBE.caught, activation);
    call(PROBE.leave, activation);
  });
  activate(PROBE.enter, false, (activation) => {
    // What stands above has left without a probe.
    call(PROBE.enter, base);
    call(PROBE.ret, activation);
    call(PROBE.finallyIn, activation, 0);
    call(PROBE.finallyLeave, activation, 0);
  });
  // In full depth its promise ends it, in light depth the activation below it.
  activate(PROBE.enterGuarded, false, (activation) => {
    activate(PROBE.enter, true, () => {});
    call(PROBE.finallyIn, activation, 0);
    call(PROBE.finallyOut, activation, 0);
    call(PROBE.done, activation);
    call(PROBE.exit, activation);
  });
  const generator = call(PROBE.enterGenerator, base) as { readonly id: number };
  probes.yielding(generator, 1, generator);
  call(PROBE.sent, generator);
  call(PROBE.yielding, generator);
  call(PROBE.finallyIn, generator, 0);
  call(PROBE.finallyOut, generator, 0);
  call(PROBE.exit, generator);
  call(PROBE.made, base);
  // A promise that another activation owns is awaited and returned.
  const callee = pending();
  hooks?.init(callee, undefined);
  const called = probes.enter(base, 0);
  const caller = probes.enter(base, 0);
  probes.suspend(caller, 1, callee);
  probes.end(called);
  hooks?.settled(callee);
  probes.resume(caller);
  // Promises of nobody's, by the object that was asked: once each.
  const lock = { inner: { release: () => {} } };
  const given = pending();
  hooks?.init(given, undefined);
  probes.suspend(caller, 3, given, lock);
  probes.resume(caller, lock.inner.release);
  const asked = pending();
  hooks?.init(asked, undefined);
  probes.asked(base, 3, asked, lock);
  probes.leave(caller, 2, callee, lock);
  const callback = call(PROBE.enterCallback, base);
  call(PROBE.leaveCallback, call(PROBE.enterCallback, base));
  call(PROBE.returnFromCallback, callback);
  call(PROBE.leaveCallback, callback);
  // A thenable of the user's own is returned.
  const returning = probes.enter(base, 0);
  probes.leave(returning, 2, { then: () => {} }, lock);
}
