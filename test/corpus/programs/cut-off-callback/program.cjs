// Totals are written with a callback that only looks for errors.
const { rmSync, writeFile } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const path = join(tmpdir(), `totals-${process.pid}.csv`);
process.on('exit', () => rmSync(path, { force: true }));
const lines = Array.from({ length: 10_000 }, (_, i) => `${i};${i * i}`);
writeFile(path, lines.join('\n'), (error) => {
  if (error) console.error(error.code);
});
console.log('written');
process.exit(0);
