/**
 * The errors of queues and synchronisation. Each message names the resource, what the call needed
 * and what it found.
 */

/**
 * `putNow()` found no room. After asyncio.QueueFull.
 * @example
 * const shelf = new Queue({ capacity: 1 });
 * shelf.putNow('bread');
 * assert.throws(() => shelf.putNow('butter'), QueueFull);
 */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * `getNow()` found no item. After asyncio.QueueEmpty.
 * @example
 * assert.throws(() => new Queue().getNow(), QueueEmpty);
 */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty';
}

/**
 * The queue is closed: no item goes in any more, or none is left to come out. After
 * asyncio.QueueShutDown.
 * @example
 * const orders = new Queue();
 * const waiting = orders.get();
 * orders.close();
 * await assert.rejects(waiting, QueueClosed);
 * assert.throws(() => orders.put('tea'), QueueClosed);
 */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed';
}

/**
 * A task that does not hold the lock released it, or waited on or notified its condition. After the
 * RuntimeError of asyncio.Lock and Condition.
 * @example
 * const lock = new Lock();
 * await lock.acquire();
 * const stranger = spawn(() => lock.release());
 * await assert.rejects(stranger, NotHeld);
 */
export class NotHeld extends Error {
  override readonly name = 'NotHeld';
}

/**
 * The barrier was aborted, or reset while tasks waited. After asyncio.BrokenBarrierError.
 * @example
 * const barrier = new Barrier(2);
 * const waiting = barrier.wait();
 * barrier.abort();
 * await assert.rejects(waiting, BrokenBarrier);
 */
export class BrokenBarrier extends Error {
  override readonly name = 'BrokenBarrier';
}
