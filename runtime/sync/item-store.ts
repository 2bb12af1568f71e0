/**
 * Where a queue keeps its items: in order of arrival (a ring), of priority (a heap), or the latest
 * on top (a stack). Each item has a serial number, the order in which it was put. An item that
 * comes back (`returnItem`) goes to the place that its serial says.
 */

export interface ItemStore<T> {
  readonly size: number;
  /** Serial and priority of the item that `pop` returned last. */
  readonly serial: number;
  readonly priority: number;
  push(item: T, priority: number, serial: number): void;
  /** Takes out the next item. The store must not be empty. */
  pop(): T;
  returnItem(item: T, priority: number, serial: number): void;
}

interface Entry<T> {
  readonly item: T;
  readonly priority: number;
  readonly serial: number;
}

/**
 * First in, first out. The ring is a power of two, doubled when full. Its items have consecutive
 * serials: while an item lies in it no later one is handed out. Items that came back are older and
 * stand before the ring.
 */
export class FifoStore<T> implements ItemStore<T> {
  serial = 0;
  readonly priority = 0;
  #ring: (T | undefined)[] = Array.from<undefined>({ length: 16 }).fill(undefined);
  #mask = 15;
  #head = 0;
  #count = 0;
  #headSerial = 0;
  #returned: Entry<T>[] = [];

  get size(): number {
    return this.#count + this.#returned.length;
  }

  push(item: T, _priority: number, serial: number): void {
    if (this.#count === 0) this.#headSerial = serial;
    else if (this.#count > this.#mask) this.#grow();
    this.#ring[(this.#head + this.#count++) & this.#mask] = item;
  }

  pop(): T {
    if (this.#returned.length > 0) {
      const { item, serial } = this.#returned.shift()!;
      this.serial = serial;
      return item;
    }
    const head = this.#head;
    const item = this.#ring[head] as T;
    this.#ring[head] = undefined;
    this.#head = (head + 1) & this.#mask;
    this.#count--;
    this.serial = this.#headSerial++;
    return item;
  }

  returnItem(item: T, priority: number, serial: number): void {
    const returned = this.#returned;
    let at = returned.length;
    while (at > 0 && returned[at - 1]!.serial > serial) at--;
    returned.splice(at, 0, { item, priority, serial });
  }

  #grow(): void {
    const old = this.#ring;
    const count = old.length;
    const ring = Array.from<T | undefined>({ length: count * 2 }).fill(undefined);
    for (let i = 0; i < count; i++) ring[i] = old[(this.#head + i) & this.#mask];
    this.#ring = ring;
    this.#mask = count * 2 - 1;
    this.#head = 0;
  }
}

/** Last in, first out. */
export class LifoStore<T> implements ItemStore<T> {
  serial = 0;
  readonly priority = 0;
  readonly #stack: Entry<T>[] = [];

  get size(): number {
    return this.#stack.length;
  }

  push(item: T, priority: number, serial: number): void {
    this.#stack.push({ item, priority, serial });
  }

  pop(): T {
    const { item, serial } = this.#stack.pop()!;
    this.serial = serial;
    return item;
  }

  returnItem(item: T, priority: number, serial: number): void {
    const stack = this.#stack;
    let at = stack.length;
    while (at > 0 && stack[at - 1]!.serial > serial) at--;
    stack.splice(at, 0, { item, priority, serial });
  }
}

/** The least priority first; of equals, the one that was put first. A binary heap. */
export class PriorityStore<T> implements ItemStore<T> {
  serial = 0;
  priority = 0;
  readonly #heap: Entry<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(item: T, priority: number, serial: number): void {
    const heap = this.#heap;
    const entry = { item, priority, serial };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  pop(): T {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let below = at * 2 + 1;
        if (below >= heap.length) break;
        if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
        if (!isBefore(heap[below]!, last)) break;
        heap[at] = heap[below]!;
        at = below;
      }
      heap[at] = last;
    }
    this.serial = first.serial;
    this.priority = first.priority;
    return first.item;
  }

  returnItem(item: T, priority: number, serial: number): void {
    this.push(item, priority, serial);
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.priority < b.priority || (a.priority === b.priority && a.serial < b.serial);
}
