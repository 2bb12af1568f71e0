import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  ContextVariable,
  debounce,
  every,
  gather,
  now,
  QueueClosed,
  run,
  sleep,
  spawn,
  throttle,
  Topic,
  wait,
} from '../../../runtime/index.ts';

const virtually = <T>(main: () => Promise<T>): Promise<T> => run(main, { clock: 'virtual' });

describe('every', () => {
  it('keeps the pace, leaves out what a long call misses, and never overlaps', async () => {
    await virtually(async () => {
      const at: string[] = [];
      const heart = every(
        100,
        async (beat) => {
          at.push(`${beat} at ${now()}`);
          await sleep(beat === 2 ? 250 : 10);
        },
        { immediately: true },
      );
      await sleep(620);
      heart.cancel();
      await wait([heart]);
      assert.deepEqual(at, ['0 at 0', '1 at 100', '2 at 200', '5 at 500', '6 at 600']);
    });
  });

  it('ends with the first call that fails, and with its signal', async () => {
    await virtually(async () => {
      await assert.rejects(
        every(10, () => {
          throw new Error('bad');
        }),
        /bad/,
      );
      const controller = new AbortController();
      const heart = every(10, () => {}, { signal: controller.signal, name: 'heart' });
      assert.equal(heart.name, 'heart');
      await sleep(15);
      controller.abort();
      await wait([heart]);
      assert.equal(heart.state, 'cancelled');
    });
    assert.throws(() => every(0, () => {}), /^RangeError: every\(\) needs a number of ms above 0, not 0/);
  });
});

describe('debounce', () => {
  it('calls once nobody has asked for so long, and gives all the same result', async () => {
    await virtually(async () => {
      const calls: string[] = [];
      const search = debounce(async (text: string) => {
        calls.push(`${text} at ${now()}`);
        await sleep(5);
        return text.length;
      }, 100);
      const first = search('a');
      await sleep(60);
      const second = search('ab');
      assert.deepEqual([await first, await second], [2, 2]);
      assert.equal(await search('abc'), 3);
      assert.deepEqual(calls, ['ab at 160', 'abc at 265']);
    });
  });

  it('fails for all who asked', async () => {
    await virtually(async () => {
      const fails = debounce(async () => Promise.reject(new Error('bad')), 10);
      const ends = await gather([fails(), fails()], { returnErrors: true });
      assert.deepEqual(
        ends.map((end) => (end as Error).message),
        ['bad', 'bad'],
      );
    });
  });
});

describe('throttle', () => {
  it('calls at once and then once in so long, with what was asked for last', async () => {
    await virtually(async () => {
      const calls: string[] = [];
      const save = throttle((text: string) => {
        calls.push(`${text} at ${now()}`);
        return text;
      }, 100);
      assert.deepEqual(await gather([save('a'), save('b'), save('c')]), ['a', 'c', 'c']);
      await sleep(250);
      assert.equal(await save('d'), 'd');
      assert.deepEqual(calls, ['a at 0', 'c at 100', 'd at 350']);
    });
  });
});

describe('Topic', () => {
  it('gives each subscriber every value while it is subscribed, in order', async () => {
    await virtually(async () => {
      const news = new Topic<number>({ name: 'news' });
      const early = news.subscribe();
      await news.publish(1);
      const late = news.subscribe();
      await news.publish(2);
      assert.deepEqual([early.size, late.size, news.size], [2, 1, 2]);
      news.close();
      const read: number[] = [];
      for await (const value of early) read.push(value);
      assert.deepEqual(read, [1, 2]);
      assert.equal(await late.get(), 2);
      await assert.rejects(late.get(), QueueClosed);
      assert.throws(() => news.publish(3), /^QueueClosed: topic "news" is closed/);
    });
  });

  it('waits for the slowest that has a capacity, and for nobody who has left', async () => {
    await virtually(async () => {
      const news = new Topic<number>();
      const slow = news.subscribe({ capacity: 1 });
      await news.publish(1);
      const second = spawn(async () => news.publish(2));
      await sleep(10);
      assert.equal(second.state, 'waiting');
      assert.equal(await slow.get(), 1);
      await second;
      const third = spawn(async () => news.publish(3));
      await sleep(10);
      slow.close();
      await third;
      assert.equal(news.size, 0);
      const reader = spawn(async () => {
        for await (const value of news.subscribe()) return value;
        return 0;
      });
      await sleep(1);
      await news.publish(4);
      assert.equal(await reader, 4);
      assert.equal(news.size, 0);
    });
  });
});

describe('ContextVariable', () => {
  it('has a value of its own in each context, and a default or an error elsewhere', async () => {
    const user = new ContextVariable<string>('user');
    const ask = () => spawn(async () => user.get());
    assert.deepEqual(await gather([user.run('A', ask), user.run('B', ask)]), ['A', 'B']);
    assert.throws(() => user.get(), /^Error: context variable "user" has no value here, and no default/);
    assert.equal(new ContextVariable('user', { default: undefined }).get(), undefined);
    assert.throws(() => new ContextVariable(5 as never), /^TypeError: the name of a context variable/);
  });
});
