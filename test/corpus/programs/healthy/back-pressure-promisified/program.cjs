// The length of a text is taken on its way.
const { promisify } = require('node:util');
const stream = require('node:stream');
const pipeline = promisify(stream.pipeline);

class Meter extends stream.Writable {
  constructor() {
    super({ highWaterMark: 4096 });
    this.bytes = 0;
  }
  _write(chunk, encoding, done) {
    this.bytes += chunk.length;
    done();
  }
}

async function measure(text) {
  const meter = new Meter();
  await pipeline(stream.Readable.from(text.match(/.{1,100}/gs)), meter);
  return meter.bytes;
}

measure('lorem ipsum '.repeat(2000)).then((bytes) => console.log(bytes));
