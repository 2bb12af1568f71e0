// A broker is connected to; the topics are read meanwhile.
const { EventEmitter } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

class Broker extends EventEmitter {
  connect() {
    setTimeout(() => this.emit('connected'), 5);
  }
}

async function readTopics() {
  await delay(30);
  return ['a', 'b'];
}

async function main() {
  const broker = new Broker();
  const connected = new Promise((resolve) => broker.once('connected', resolve));
  broker.connect();
  const topics = await readTopics();
  await connected;
  console.log(topics.length);
}
main();
