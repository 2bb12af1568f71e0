// Books orders into a table with a key that is unique.
import { setTimeout as delay } from 'node:timers/promises';

const rows = new Map([['A-17', { customer: 'ada' }]]);
const insert = async (key, row) => {
  await delay(8);
  if (rows.has(key)) throw new Error(`duplicate key ${key}`);
  rows.set(key, row);
};

function createBook({ tries, pause }) {
  const rejected = [];
  return {
    rejected,
    async book(key, row) {
      let failed = 0;
      do {
        try {
          await insert(key, row);
          return true;
        } catch (error) {
          failed++;
          console.log(`${error.message}, try ${failed}`);
          if (error.message.startsWith('duplicate')) break;
        }
        if (failed < tries) await delay(pause);
      } while (failed < tries);
      rejected.push(key);
      return false;
    },
  };
}

const orders = createBook({ tries: 3, pause: 400 });
for (const key of ['A-16', 'A-17', 'A-18']) await orders.book(key, { customer: 'bob' });
console.log(`${rows.size} booked, ${orders.rejected.length} rejected`);
