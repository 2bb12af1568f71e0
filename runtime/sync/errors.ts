/** The errors of queues and synchronisation; each says which thing it was, what it needed and what was found. */

/** `putNow()` found no room. After asyncio.QueueFull. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** `getNow()` found nothing. After asyncio.QueueEmpty. */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty';
}

/** The queue is closed: nothing goes in any more, or nothing is left to come out. After asyncio.QueueShutDown. */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed';
}

/** Released, waited on or notified by somebody who does not hold it. After the RuntimeError of asyncio.Lock and Condition. */
export class NotHeld extends Error {
  override readonly name = 'NotHeld';
}

/** The barrier was aborted, or reset under those who waited. After asyncio.BrokenBarrierError. */
export class BrokenBarrier extends Error {
  override readonly name = 'BrokenBarrier';
}
