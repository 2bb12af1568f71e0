// Store what a sensor tells, then close the book.
const { Readable } = require('node:stream');
const { setTimeout: sleep } = require('node:timers/promises');

const book = { open: true, rows: 0, asked: 0, done: () => {} };
const drained = () =>
  new Promise((resolve) => {
    book.done = resolve;
  });
async function store(value) {
  await sleep(10);
  if (!book.open) throw new Error('the book is closed');
  book.rows++;
  if (book.rows === 40) book.done();
}

function record(values) {
  return new Promise((resolve, reject) => {
    const sensor = Readable.from(values);
    sensor.on('data', async (value) => {
      try {
        await store(value);
      } catch {
        book.lost = (book.lost ?? 0) + 1;
      }
    });
    sensor.on('end', () => {
      if (book.open) void drained().then(resolve);
    });
    sensor.on('error', reject);
  });
}

async function main() {
  await record(Array.from({ length: 40 }, (_, i) => i + 1));
  book.open = false;
  console.log('rows', book.rows);
}
main();
