// Rows are exported to a slow sink.
const { once } = require('node:events');
const { Writable } = require('node:stream');

const sink = new Writable({
  write(chunk, encoding, done) {
    setImmediate(done);
  },
});

async function exportRows(count) {
  for (let i = 0; i < count; i++) {
    if (!sink.write(`${i};${'x'.repeat(20_000)}\n`)) await once(sink, 'drain');
  }
  sink.end();
}

sink.on('finish', () => console.log('exported'));
exportRows(200);
