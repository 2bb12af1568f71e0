// Text is made upper case on its way.
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const upperCase = new Transform({
  transform(chunk, encoding, done) {
    done(null, chunk.toString().toUpperCase());
  },
});

async function main() {
  const words = Array.from({ length: 5000 }, (_, i) => `word ${i} `);
  await pipeline(Readable.from(words), upperCase);
  console.log('done');
}
main();
