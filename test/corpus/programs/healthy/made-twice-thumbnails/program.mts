// Thumbnails of an album, each made once.
import { setTimeout as delay } from 'node:timers/promises';

interface Thumbnail {
  readonly size: number;
}

const album: { readonly made: Map<string, Promise<Thumbnail>>; work: number } = { made: new Map(), work: 0 };

async function shrink(name: string): Promise<Thumbnail> {
  album.work++;
  await delay(25);
  return { size: name.length };
}

function thumbnail(name: string): Promise<Thumbnail> {
  if (!album.made.has(name)) album.made.set(name, shrink(name));
  return album.made.get(name)!;
}

const names = ['cat', 'dog', 'cat', 'cat', 'dog', 'cat'];
const all = await Promise.all(names.map((name) => thumbnail(name)));
console.log(all.length, album.work);
