// Log people in; each password is hashed.
import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { EventEmitter, once } from 'node:events';

const logins = new EventEmitter();
const hash = promisify(scrypt) as (password: string, salt: string, length: number) => Promise<Buffer>;

async function login(name: string): Promise<string> {
  return `${name} ${(await hash(name, 'salt', 32)).length}`;
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
