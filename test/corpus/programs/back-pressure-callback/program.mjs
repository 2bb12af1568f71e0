// A copy with a callback.
import { PassThrough, Readable, pipeline } from 'node:stream';

function copy(chunks) {
  return new Promise((resolve, reject) => {
    const target = new PassThrough();
    pipeline(Readable.from(chunks), target, (error) => (error ? reject(error) : resolve(target)));
  });
}

const target = await copy(Array.from({ length: 100 }, () => Buffer.alloc(1000)));
for await (const chunk of target) console.log(chunk.length);
