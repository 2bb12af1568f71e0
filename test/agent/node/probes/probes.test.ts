/**
 * The probes alone (light depth), called by hand in the order in which instrumented code calls
 * them, with a ring in memory. The expected texts are the contract with the fold.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createBridge } from '../../../../runtime/agent/node/probes/library-bridge.ts';
import { createThreadState } from '../../../../runtime/agent/node/state/thread-state.ts';
import type { Site } from '../../../../runtime/agent/node/contract/probe-set.ts';
import { type Probes, createProbes } from '../../../../runtime/agent/node/probes/probes.ts';
import { Sites } from '../../../../runtime/agent/node/state/sites.ts';
import { UncaughtErrors } from '../../../../runtime/agent/node/errors/uncaught-errors.ts';
import { inMemory } from '../../../recorder/in-memory.ts';

const site = (role: Site['role'], line: number, fn: string, text = '', direct = false): Site => ({
  role,
  line,
  column: 1,
  fn,
  text,
  direct,
  lineHash: 1,
});

function setUp(...table: Site[]) {
  const ring = inMemory();
  const state = createThreadState();
  const recorder = ring.writer;
  const sites = new Sites(recorder);
  const probes: Probes = createProbes({
    recorder,
    state,
    sites,
    bridge: createBridge(recorder, state),
    asyncResources: null,
    errors: new UncaughtErrors(recorder, state, sites, ''),
  });
  const base = probes.file('a.ts', JSON.stringify(table));
  return { probes, base, state, recorded: () => ring.text({ renumber: true }).trim().split('\n') };
}

describe('the probes', () => {
  it('nest a callee on its caller, and give the thread back where it waits', () => {
    const { probes, base, state, recorded } = setUp(
      site('function', 1, 'f'),
      site('await', 2, 'f', 'g()', true),
      site('function', 3, 'g'),
      site('await', 4, 'g', 'x'),
    );
    const f = probes.enterGuarded(base, 0);
    const g = probes.enterGuarded(base, 2);
    const pending = new Promise(() => {});
    probes.suspend(g, 3, pending);
    assert.equal(state.current, f);
    probes.suspend(f, 1, pending);
    assert.equal(state.current, null);
    probes.resume(g);
    probes.done(g);
    probes.exit(g);
    probes.resume(f);
    probes.ret(f, 1, 'r');
    probes.exit(f);
    assert.equal(state.current, null);
    assert.deepEqual(recorded(), [
      '0 activationBegin id=1 site="a.ts:1:1 function f" name="f" kind=async-function',
      '0 activationBegin id=2 parent=1 site="a.ts:3:1 function g" name="g" kind=async-function',
      '0 wait id=2 site="a.ts:4:1 await g | x" reason=future',
      '0 wait id=1 site="a.ts:2:1 await! f | g()" reason=future direct',
      '0 run id=2',
      '0 activationEnd id=2 outcome=ok',
      '0 run id=1',
      '0 activationEnd id=1 site="a.ts:2:1 await! f | g()" outcome=ok',
    ]);
  });

  it('record that a value was not waited for: only the thread was given away', () => {
    const { probes, base, recorded } = setUp(site('function', 1, 'f'), site('await', 2, 'f', 'null'));
    const f = probes.enterGuarded(base, 0);
    probes.suspend(f, 1, null);
    probes.resume(f);
    assert.equal(recorded()[1], '0 wait id=1 site="a.ts:2:1 await f | null" reason=value yield');
  });

  it('end in an error where no mark says that the body completed', () => {
    const { probes, base, recorded } = setUp(site('function', 1, 'f'), site('await', 2, 'f', 'x'));
    const f = probes.enterGuarded(base, 0);
    probes.suspend(f, 1, {});
    probes.exit(f);
    assert.deepEqual(recorded().slice(1), [
      '0 wait id=1 site="a.ts:2:1 await f | x" reason=future',
      '0 run id=1',
      '0 activationEnd id=1 outcome=error',
    ]);
  });

  it('run again at the first of catch and finally, once', () => {
    const { probes, base, recorded } = setUp(site('function', 1, 'f'), site('await', 2, 'f', 'x'));
    const f = probes.enterGuarded(base, 0);
    probes.suspend(f, 1, {});
    probes.caught(f, new Error('x'));
    probes.finallyIn(f, 0);
    probes.finallyOut(f, 0);
    probes.done(f);
    probes.exit(f);
    assert.deepEqual(recorded().slice(2), ['0 run id=1', '0 activationEnd id=1 outcome=ok']);
  });

  it('carry a pending return over a finally that waits, and drop it over one that throws', () => {
    const { probes, base, recorded } = setUp(site('function', 1, 'f'), site('await', 2, 'f', 'x'));
    const calm = probes.enterGuarded(base, 0);
    probes.ret(calm, 1, 1);
    probes.finallyIn(calm, 0);
    probes.suspend(calm, 1, {});
    probes.resume(calm);
    probes.finallyOut(calm, 0);
    probes.exit(calm);
    const throws = probes.enterGuarded(base, 0);
    probes.ret(throws, 1, 1);
    probes.finallyIn(throws, 0);
    probes.exit(throws);
    assert.deepEqual(
      recorded().filter((line) => line.includes('activationEnd')),
      ['0 activationEnd id=1 site="a.ts:2:1 await f | x" outcome=ok', '0 activationEnd id=2 outcome=error'],
    );
  });

  it('give the thread back where a generator returns a value, before its caller continues', () => {
    const { probes, base, recorded } = setUp(
      site('function', 1, 'consumer'),
      { ...site('function', 2, 'generator'), generator: true },
      site('return', 3, 'generator', '1'),
      site('await', 4, 'consumer', 'next()'),
    );
    const consumer = probes.enterGuarded(base, 0);
    const generator = probes.enterGuarded(base, 1);
    probes.ret(generator, 2, 1);
    probes.suspend(consumer, 3, {});
    probes.exit(generator);
    assert.deepEqual(recorded().slice(2), [
      '0 wait id=2 site="a.ts:3:1 return generator | 1" reason=value yield',
      '0 wait id=1 site="a.ts:4:1 await consumer | next()" reason=future',
      '0 run id=2',
      '0 activationEnd id=2 site="a.ts:3:1 return generator | 1" outcome=ok',
    ]);
  });

  it('end a generator well when its loop is left, and in an error when one is thrown into it', () => {
    const { probes, base, recorded } = setUp(
      site('function', 1, 'consumer'),
      { ...site('function', 2, 'generator'), generator: true },
      site('yield', 3, 'generator', '1'),
      site('await', 4, 'consumer', 'return()'),
    );
    const consumer = probes.enterGuarded(base, 0);
    const thrownInto = probes.enterGuarded(base, 1);
    probes.yielding(thrownInto, 2, 1);
    probes.exit(thrownInto);
    const left = probes.enterGuarded(base, 1);
    probes.yielding(left, 2, 1);
    probes.suspend(consumer, 3, {});
    probes.exit(left);
    assert.deepEqual(
      recorded().filter((line) => line.includes('activationEnd')),
      ['0 activationEnd id=2 outcome=error', '0 activationEnd id=3 outcome=ok'],
    );
  });

  it('name the consumer that asked a generator for its next value', () => {
    const { probes, base, recorded } = setUp(
      site('function', 1, 'consumer'),
      { ...site('function', 2, 'generator'), generator: true },
      site('yield', 3, 'generator', '1'),
    );
    const consumer = probes.enterGuarded(base, 0);
    const generator = probes.enterGuarded(base, 1);
    probes.yielding(generator, 2, 1);
    probes.resume(generator);
    probes.done(generator);
    probes.exit(generator);
    probes.done(consumer);
    probes.exit(consumer);
    assert.deepEqual(recorded().slice(2, 4), [
      '0 wait id=2 site="a.ts:3:1 yield generator | 1" for=1 reason=consumer',
      '0 run id=2 waker=1 waker=known',
    ]);
  });

  it('observe each step of for await through an iterable of the same kind', async () => {
    const { probes, base, recorded } = setUp(site('function', 1, 'f'), site('for-await', 2, 'f', 'source'));
    const f = probes.enterGuarded(base, 0);
    const calls: string[] = [];
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => (calls.push('next'), Promise.resolve({ done: false, value: 1 })),
        return: () => (calls.push('return'), Promise.resolve({ done: true, value: undefined })),
      }),
    };
    for await (const value of probes.iterate(f, 1, source)) {
      probes.stepped(f);
      assert.equal(value, 1);
      break;
    }
    probes.stepped(f);
    assert.deepEqual(calls, ['next', 'return']);
    assert.equal(recorded().filter((line) => line.includes(' wait ')).length, 2);
    const list = [1];
    assert.equal(Symbol.asyncIterator in probes.iterate(f, 1, list), false);
    assert.equal(probes.iterate(f, 1, undefined), undefined);
    assert.equal(probes.iterate(f, 1, 5), 5);
  });

  it('accept a site table that cannot be parsed', () => {
    const { probes, recorded } = setUp();
    const base = probes.file('b.ts', '{broken');
    const activation = probes.enterGuarded(base, 0);
    probes.suspend(activation, 1, null);
    probes.exit(activation);
    assert.equal(recorded().length, 4);
  });
});
