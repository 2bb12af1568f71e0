import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isRejected, isThenable } from '../../../../runtime/agent/node/builtins/inspect-safely.ts';

describe('a promise, inspected', () => {
  it('is rejected or is not, whatever it was settled with', () => {
    class Own extends Promise<unknown> {}
    const error = new Error('no');
    const rejected = [error, null, undefined, '<rejected>', { a: 1 }, [error]].map((value) =>
      Promise.reject(value),
    );
    rejected.push(Own.reject(error), Object.assign(Promise.reject(1), { more: Promise.resolve() }));
    for (const promise of rejected) promise.catch(() => {});
    const others: Promise<unknown>[] = [error, '<rejected>', { inner: rejected[0] }, [rejected[0]]].map(
      (value) => Promise.resolve(value),
    );
    others.push(new Promise(() => {}), Object.assign(Promise.resolve(1), { more: rejected[0] }));
    assert.deepEqual(rejected.map(isRejected), [...rejected.map(() => true)]);
    assert.deepEqual(others.map(isRejected), [...others.map(() => false)]);
    assert.equal(isRejected({ then() {} }), false);
  });

  it('is asked for its state alone: nobody reads what it was settled with', () => {
    const reads: string[] = [];
    const watched = Object.defineProperties(new Error('no'), {
      stack: { get: () => reads.push('stack') },
      name: { get: () => reads.push('name') },
    });
    const rejected = Promise.reject(watched);
    rejected.catch(() => {});
    assert.equal(isRejected(rejected), true);
    assert.deepEqual(reads, []);
  });
});

describe('an object that may be a thenable', () => {
  it('is one by a `then` of its own or of its classes', () => {
    class Query {
      then(): void {}
    }
    class Select extends Query {}
    const thenables = [Promise.resolve(), new Query(), new Select(), Object.create(new Select())];
    thenables.push(
      Object.assign(() => {}, { then: () => {} }),
      Object.assign(Object.create(null), { then() {} }),
    );
    const others = [{}, [], { then: 5 }, Object.create(null), () => {}, new Map([['then', () => {}]])];
    assert.deepEqual(thenables.map(isThenable), [...thenables.map(() => true)]);
    assert.deepEqual(others.map(isThenable), [...others.map(() => false)]);
  });

  it('is not asked where that could run code: a getter, a proxy', () => {
    const calls: string[] = [];
    const getter = {
      get then() {
        return calls.push('get');
      },
    };
    const trap = (name: string) => (): never => {
      throw new Error(name);
    };
    const proxy = new Proxy({}, { get: trap('get'), has: trap('has'), getPrototypeOf: trap('prototype') });
    assert.deepEqual([getter, proxy, Object.create(proxy)].map(isThenable), [false, false, false]);
    assert.deepEqual(calls, []);
  });
});
