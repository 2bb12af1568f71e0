// Rows are exported to a slow sink.
const { Writable } = require('node:stream');

const sink = new Writable({
  write(chunk, encoding, done) {
    setImmediate(done);
  },
});

function exportRows(count) {
  for (let i = 0; i < count; i++) {
    sink.write(`${i};${'x'.repeat(20_000)}\n`);
  }
  sink.end();
}

sink.on('finish', () => console.log('exported'));
exportRows(200);
