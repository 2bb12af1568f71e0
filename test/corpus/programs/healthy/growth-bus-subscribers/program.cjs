// Jobs listen to a bus while they run.
const { EventEmitter } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

const bus = new EventEmitter();
bus.setMaxListeners(Infinity);

class Job {
  constructor(id) {
    this.id = id;
    this.progress = 0;
  }

  async run() {
    const listen = (id, progress) => {
      if (id === this.id) this.progress = progress;
    };
    bus.on('progress', listen);
    await delay(1);
    bus.emit('progress', this.id, 100);
    bus.off('progress', listen);
  }
}

async function main() {
  for (let id = 0; id < 80; id++) await new Job(id).run();
  console.log('all ran');
}
main();
