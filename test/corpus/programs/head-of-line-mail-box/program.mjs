// A mail client that searches old letters and counts new ones.
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const server = createServer(async (socket) => {
  for await (const chunk of socket) {
    for (const command of String(chunk).trim().split('\n')) {
      if (command.startsWith('search')) await delay(350);
      socket.write(`${command.length}\n`);
    }
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

class MailBox {
  #socket;
  #answers = [];
  constructor(port) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => {
      for (const line of String(chunk).trim().split('\n')) this.#answers.shift()(Number(line));
    });
  }
  search(words) {
    return this.#ask(`search ${words}`);
  }
  count(folder) {
    return this.#ask(`count ${folder}`);
  }
  quit() {
    this.#socket.end();
  }
  #ask(command) {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.#socket.write(`${command}\n`);
    });
  }
}

const box = new MailBox(server.address().port);
let found = 0;
async function searchOld(...words) {
  for (const word of words) found += await box.search(word);
}
async function watchNew(times) {
  let letters = 0;
  for (let i = 0; i < times; i++) {
    await delay(80);
    letters = await box.count('new');
  }
  return letters;
}
const [, letters] = await Promise.all([searchOld('rent', 'tax', 'holiday'), watchNew(4)]);
console.log(letters, found);
box.quit();
server.close();
