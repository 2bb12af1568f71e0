// Words of several files, counted at once into one sum.
import { readFile } from 'node:fs/promises';

let words = 0;
async function count(url) {
  words += (await readFile(url, 'utf8')).split(/\s+/).length;
}
const here = new URL(import.meta.url);
await Promise.all([count(here), count(here), count(here)]);
console.log(words > 0);
