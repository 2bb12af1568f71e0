// A stream is copied chunk by chunk.
import { Readable, Writable } from 'node:stream';

const source = Readable.from(
  (function* () {
    for (let i = 0; i < 100; i++) yield Buffer.alloc(40_000, i);
  })(),
);
const target = new Writable({ write: (chunk, encoding, done) => void setTimeout(done, 1) });

source.on('data', (chunk) => {
  target.write(chunk);
});
source.on('end', () => target.end());
target.on('finish', () => console.log('copied'));
