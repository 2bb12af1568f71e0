// Lines without their comments.
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

class NoComments extends Transform {
  _transform(chunk, encoding, callback) {
    const line = String(chunk);
    if (line.startsWith('#')) return;
    callback(null, line);
  }
}
const sink = new Writable({ write: (chunk, encoding, done) => done() });
await pipeline(Readable.from(['a\n', '# b\n', 'c\n']), new NoComments(), sink);
console.log('done');
