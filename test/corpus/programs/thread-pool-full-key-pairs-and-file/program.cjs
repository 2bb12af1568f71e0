// Key pairs are made in advance; the configuration is read at the same time.
const { generateKeyPair } = require('node:crypto');
const fs = require('node:fs');

function makePairs(count, done) {
  let left = count;
  for (let i = 0; i < count; i++)
    generateKeyPair('rsa', { modulusLength: 2048 }, () => {
      if (--left === 0) done();
    });
}

makePairs(16, () => console.log('pairs are there'));
fs.readFile(__filename, 'utf8', (error, text) => console.log(text.length > 0));
