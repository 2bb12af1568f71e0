// Packs each file of a list; one has been moved.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { once } = require('node:events');

const target = path.join(os.tmpdir(), `backup-${process.pid}.gz`);

async function pack(file) {
  const source = fs.createReadStream(file);
  source.on('error', (error) => console.error('skipped:', error.code));
  const packed = zlib.createGzip();
  const out = fs.createWriteStream(target, { flags: 'a' });
  source.pipe(packed);
  packed.pipe(out);
  await once(out, 'close');
}

async function main() {
  for (const file of [__filename, path.join(__dirname, 'moved.txt'), __filename]) await pack(file);
  console.log('all packed');
}
process.on('exit', () => fs.rmSync(target, { force: true }));
main();
