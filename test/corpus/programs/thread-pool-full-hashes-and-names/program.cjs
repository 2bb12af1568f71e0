// Passwords are checked; a connection needs the address of its host.
const { pbkdf2 } = require('node:crypto');
const { lookup } = require('node:dns');

function check(names, done) {
  let left = names.length;
  for (const name of names)
    pbkdf2(name, 'salt', 400_000, 32, 'sha256', () => {
      if (--left === 0) done();
    });
}

check(
  Array.from({ length: 12 }, (_, i) => `user${i}`),
  () => console.log('checked'),
);
lookup('localhost', (error) => console.log(error ? 'unknown' : 'found'));
