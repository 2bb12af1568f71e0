// A key pair is made in advance; the configuration is read at the same time.
const { generateKeyPair } = require('node:crypto');
const fs = require('node:fs');

generateKeyPair('ed25519', {}, () => console.log('the pair is there'));
fs.readFile(__filename, 'utf8', (error, text) => console.log(text.length > 0));
