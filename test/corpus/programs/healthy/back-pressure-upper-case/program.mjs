// Text is made upper case on its way.
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const upperCase = new Transform({
  transform(chunk, encoding, done) {
    done(null, chunk.toString().toUpperCase());
  },
});

async function main() {
  const words = Array.from({ length: 5000 }, (_, i) => `word ${i} `);
  let length = 0;
  const count = new Writable({
    write(chunk, encoding, done) {
      length += chunk.length;
      done();
    },
  });
  await pipeline(Readable.from(words), upperCase, count);
  console.log(length > 0);
}
main();
