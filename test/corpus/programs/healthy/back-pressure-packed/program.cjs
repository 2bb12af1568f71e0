// A backup is packed, then kept.
const { randomBytes } = require('node:crypto');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { buffer } = require('node:stream/consumers');
const { createGzip } = require('node:zlib');

async function pack(parts) {
  const gzip = createGzip();
  const [packed] = await Promise.all([buffer(gzip), pipeline(Readable.from(parts), gzip)]);
  return packed;
}

const parts = Array.from({ length: 40 }, () => randomBytes(20_000));
pack(parts).then((packed) => console.log(packed.length > 0));
