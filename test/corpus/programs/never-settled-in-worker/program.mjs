// Prices of articles, looked up in a pool.
import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./price.mjs', import.meta.url).href, maxThreads: 2 });
const prices = await Promise.all([3, 4, 7, 5].map((article) => pool.run(article)));
console.log(prices);
await pool.destroy();
