import pMap from 'p-map';
import { setTimeout as sleep } from 'node:timers/promises';

async function thumbnails(album) {
  const made = [];
  for (const photo of album) {
    await sleep(15);
    made.push(photo);
  }
  return made;
}

const albums = Array.from({ length: 8 }, (_, a) => Array.from({ length: 10 }, (_, p) => `${a}-${p}`));
console.time('all');
const all = await pMap(albums, thumbnails, { concurrency: 8 });
console.timeEnd('all');
console.log(all.flat().length);
