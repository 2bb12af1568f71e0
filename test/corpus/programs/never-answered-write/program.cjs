// A sink that inserts rows ten at a time.
const { Readable, Writable, pipeline } = require('node:stream');

const insert = (rows, done) => setImmediate(done, null, rows.length);
let rows = [];
const table = new Writable({
  objectMode: true,
  write: (row, encoding, callback) => {
    rows.push(row);
    if (rows.length < 10) return;
    insert(rows, callback);
    rows = [];
  },
});
pipeline(Readable.from([1, 2, 3]), table, (error) => console.log('inserted', error));
