// An audit log writes one entry at a time, with the name of whoever is signed in.
const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: delay } = require('node:timers/promises');

const session = new AsyncLocalStorage();
const entries = [];
const queue = [];
let writing = null;

async function write(text) {
  await delay(3);
  entries.push(`${session.getStore().user} ${text}`);
  return entries.length;
}

async function writeAll() {
  while (queue.length > 0) {
    const { text, resolve } = queue.shift();
    resolve(await write(text));
  }
  writing = null;
}

function log(text) {
  return new Promise((resolve) => {
    queue.push({ text, resolve });
    writing ??= writeAll();
  });
}

function act(user, text) {
  return session.run({ user }, async () => {
    const line = await log(text);
    return `${user}: line ${line}`;
  });
}

async function main() {
  await Promise.all([act('ada', 'opened the door'), act('bo', 'took the key'), act('cy', 'left')]);
  console.log(entries.join('\n'));
}

void main();
