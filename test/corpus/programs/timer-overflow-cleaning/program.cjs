// Cleans a cache once a month.
const cache = new Map([['a', 1]]);
let cleaned = 0;

const MONTH = 31 * 24 * 3600 * 1000;
const timer = setInterval(clean, MONTH);

async function clean() {
  cleaned++;
  cache.clear();
  if (cleaned === 100) clearInterval(timer);
}

process.on('exit', () => console.log('cleaned', cleaned));
