// Thumbnails of an album, each made once.
import { setTimeout as delay } from 'node:timers/promises';

interface Thumbnail {
  readonly size: number;
}

const album: { readonly made: Map<string, Thumbnail>; work: number } = { made: new Map(), work: 0 };

async function shrink(name: string): Promise<Thumbnail> {
  album.work++;
  await delay(25);
  return { size: name.length };
}

async function thumbnail(name: string): Promise<Thumbnail> {
  if (!album.made.has(name)) {
    const made = await shrink(name);
    album.made.set(name, made);
  }
  return album.made.get(name)!;
}

const names = ['cat', 'dog', 'cat', 'cat', 'dog', 'cat'];
const all = await Promise.all(names.map((name) => thumbnail(name)));
console.log(all.length, album.work);
