// Tests of a basket.
import test from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

class Basket {
  #things = [];

  async put(thing) {
    await sleep(30);
    this.#things.push(thing);
  }

  get size() {
    return this.#things.length;
  }
}

test('a basket', async (t) => {
  const basket = new Basket();
  await t.test('is empty at first', () => assert.equal(basket.size, 0));
  await t.test('holds what is put into it', async () => {
    await basket.put('apple');
    await basket.put('pear');
    assert.equal(basket.size, 2);
  });
});

test('another basket', async () => {
  const basket = new Basket();
  await basket.put('plum');
  assert.equal(basket.size, 1);
});
