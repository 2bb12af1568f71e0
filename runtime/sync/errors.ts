/** The errors of queues and synchronisation; each says which thing it was, what it needed and what was found. */

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
 * `getNow()` found nothing. After asyncio.QueueEmpty.
 * @example
 * assert.throws(() => new Queue().getNow(), QueueEmpty);
 */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty';
}

/**
 * The queue is closed: nothing goes in any more, or nothing is left to come out. After asyncio.QueueShutDown.
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
 * Released, waited on or notified by somebody who does not hold it. After the RuntimeError of asyncio.Lock and Condition.
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
 * The barrier was aborted, or reset under those who waited. After asyncio.BrokenBarrierError.
 * @example
 * const barrier = new Barrier(2);
 * const waiting = barrier.wait();
 * barrier.abort();
 * await assert.rejects(waiting, BrokenBarrier);
 */
export class BrokenBarrier extends Error {
  override readonly name = 'BrokenBarrier';
}
