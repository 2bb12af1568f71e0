import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { FifoStore, LifoStore, PriorityStore, type ItemStore } from '../../runtime/sync/item-store.ts';

const kinds: readonly [string, () => ItemStore<string>][] = [
  ['in the order of arrival', () => new FifoStore()],
  ['the latest on top', () => new LifoStore()],
  ['by priority', () => new PriorityStore()],
];
const takeAll = (shelf: ItemStore<string>): string[] =>
  Array.from({ length: shelf.size }, () => `${shelf.pop()} ${shelf.serial} ${shelf.priority}`);

describe('Items that come back to a store', () => {
  for (const [order, make] of kinds) {
    it(`stand where they stood, whichever comes first: ${order}`, () => {
      const counts = fc.record({ put: fc.integer({ min: 1, max: 40 }), taken: fc.nat(40) });
      fc.assert(
        fc.property(counts, fc.infiniteStream(fc.nat(6)), ({ put, taken }, numbers) => {
          const [shelf, untouched] = [make(), make()];
          const draw = (): number => numbers.next().value;
          for (let serial = 1; serial <= put; serial++) {
            const priority = draw();
            for (const one of [shelf, untouched]) one.push(`item ${serial}`, priority, serial);
          }
          const out: [string, number, number][] = [];
          for (let n = 0; n < Math.min(taken, put); n++) {
            const item = shelf.pop();
            out.splice(draw() % (out.length + 1), 0, [item, shelf.priority, shelf.serial]);
          }
          for (const [item, priority, serial] of out) shelf.returnItem(item, priority, serial);
          assert.deepEqual(takeAll(shelf), takeAll(untouched));
        }),
        { numRuns: 200 },
      );
    });
  }
});
