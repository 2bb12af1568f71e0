// A journal that is closed when its stream ends.
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

const lines = [];
const journal = new Writable({
  write(chunk, encoding, callback) {
    lines.push(String(chunk));
    callback();
  },
  final(callback) {
    lines.push('closed');
    callback(lines.length === 1 ? new Error('empty') : null);
  },
});
journal.write('one');
journal.end('two');
await finished(journal);
console.log(lines);
