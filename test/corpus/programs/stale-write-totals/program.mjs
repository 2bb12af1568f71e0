// A report that follows the filter.
import { setTimeout as sleep } from 'node:timers/promises';

const state = { filter: 'all', rows: [], total: 0 };
const data = Array.from({ length: 20 }, (_, i) => ({ i, price: i * 10 }));

async function query(filter) {
  await sleep(filter === 'all' ? 220 : 30);
  return filter === 'all' ? data : data.filter(({ i }) => i > 15);
}

async function show(filter) {
  state.filter = filter;
  const rows = await query(filter);
  const total = rows.reduce((sum, { price }) => sum + price, 0);
  state.rows = rows;
  state.total = total;
}

const first = show('all');
await sleep(60);
await show('dear');
await first;
await sleep(120);
console.log(state.filter, state.rows.length, state.total);
