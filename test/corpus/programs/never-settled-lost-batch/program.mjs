// Loads are collected and asked for together; when that fails, the batch is thrown away.
let batch = [];

function load(id) {
  return new Promise((resolve, reject) => {
    batch.push({ id, resolve, reject });
    if (batch.length === 1) setTimeout(flush, 5);
  });
}
async function flush() {
  const asked = batch;
  batch = [];
  try {
    const rows = await select(asked.map(({ id }) => id));
    asked.forEach(({ resolve }, i) => resolve(rows[i]));
  } catch (error) {
    console.log('select failed:', error.message);
  }
}
async function select(ids) {
  if (ids.includes(13)) throw new Error('no row 13');
  return ids.map((id) => ({ id }));
}
async function show(id) {
  const row = await load(id);
  console.log(row);
}
const beat = setInterval(() => {}, 200);
const gaveUp = setTimeout(() => process.exit(1), 1800);
await Promise.allSettled([show(1), show(2)]);
await Promise.allSettled([show(12), show(13)]);
clearTimeout(gaveUp);
clearInterval(beat);
