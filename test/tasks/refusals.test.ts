import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  asCompleted,
  collect,
  filter,
  gather,
  map,
  merge,
  race,
  run,
  sleep,
  spawn,
  wait,
} from '../../runtime/index.ts';
import { after } from './bodies.ts';

describe('one thing in place of a list', () => {
  it('is refused at the call, with how to write it, for what can be iterated gives itself for ever', async () => {
    await run(async function main() {
      const tea = spawn(after(1, 'tea'), { name: 'tea' });
      const calls: Record<string, () => unknown> = {
        // @ts-expect-error a task is no list
        gather: () => gather(tea),
        // @ts-expect-error a task is no list
        race: () => race(tea),
        // @ts-expect-error a task is no list
        wait: () => wait(tea),
        // @ts-expect-error a task is no list
        asCompleted: () => asCompleted(tea),
      };
      for (const [who, call] of Object.entries(calls)) {
        const message = `${who}() needs a list of what to wait for, not task "tea"; write ${who}([a, b])`;
        assert.throws(call, new TypeError(message));
      }
      const message = 'merge() needs a list of what to iterate, not task "tea"; write merge([a, b])';
      // @ts-expect-error a task is no list
      assert.throws(() => merge(tea), new TypeError(message));
      assert.equal(await tea, 'tea');
    });
  });

  it('is refused where it is a coroutine', () => {
    const coroutine = after(1, 'tea')();
    const message = 'gather() needs a list of what to wait for, not a coroutine; write gather([a, b])';
    assert.throws(() => gather(coroutine), new TypeError(message));
    coroutine.return('tea');
  });

  it('is a task that has no values to iterate', async () => {
    await run(async function main() {
      const tea = spawn(() => sleep(1), { name: 'tea' });
      const calls: Record<string, () => unknown> = {
        // @ts-expect-error a task has no values
        map: () => map(tea, String),
        // @ts-expect-error a task has no values
        filter: () => filter(tea, Boolean),
        // @ts-expect-error a task has no values
        collect: () => collect(tea),
        // @ts-expect-error a task has no values
        merge: () => merge([tea]),
      };
      for (const [who, call] of Object.entries(calls))
        assert.throws(call, new TypeError(`${who}() needs something to iterate, not task "tea"`));
      await tea;
    });
  });
});
