// Events of one's own, with a promise for the next one.
class Events {
  #waiting = new Map();
  emit(name, value) {
    for (const resolve of this.#waiting.get(name) ?? []) resolve(value);
    this.#waiting.delete(name);
  }
  next(name) {
    return new Promise((resolve) => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]);
    });
  }
}
const events = new Events();
async function boot() {
  events.emit('config', { port: 80 });
}
async function serve() {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const config = await events.next('config');
  console.log('serving on', config.port);
}
serve();
setTimeout(boot, 100);
