// A copy with a callback.
import { PassThrough, Readable, pipeline } from 'node:stream';

function copy(chunks) {
  return new Promise((resolve, reject) => {
    const target = new PassThrough();
    let bytes = 0;
    target.on('data', (chunk) => (bytes += chunk.length));
    pipeline(Readable.from(chunks), target, (error) => (error ? reject(error) : resolve(bytes)));
  });
}

console.log(await copy(Array.from({ length: 100 }, () => Buffer.alloc(1000))));
