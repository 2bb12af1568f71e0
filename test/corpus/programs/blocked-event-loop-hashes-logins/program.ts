// Log people in; each password is hashed.
import { scryptSync } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

const logins = new EventEmitter();
const key = (password: string): Buffer => scryptSync(password, 'salt', 32, { N: 2 ** 15, maxmem: 2 ** 27 });

async function login(name: string): Promise<string> {
  await null;
  return `${name} ${key(name).length}`;
}
logins.on('login', (name: string) => {
  void login(name).then((text) => logins.emit('done', text));
});

async function main(): Promise<void> {
  for (const name of ['ada', 'bob', 'eve']) {
    setTimeout(() => logins.emit('login', name), 5);
    console.log(await once(logins, 'done'));
  }
}
void main();
