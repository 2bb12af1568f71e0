// A password is checked; a connection needs the address of its host.
const { pbkdf2 } = require('node:crypto');
const { lookup } = require('node:dns');

function check(names, done) {
  const [name, ...rest] = names;
  pbkdf2(name, 'salt', 20_000, 32, 'sha256', () => (rest.length === 0 ? done() : check(rest, done)));
}

check(['ada', 'bob'], () => console.log('checked'));
lookup('localhost', (error) => console.log(error ? 'unknown' : 'found'));
