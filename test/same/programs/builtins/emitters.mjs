// Emitters of one's own: what their methods give, throw and get as `this`.
class Emitter {
  #heard = new Map();
  on(name, fn) {
    this.#heard.set(name, [...(this.#heard.get(name) ?? []), fn]);
    return () => this.#heard.set(name, this.#heard.get(name).filter((each) => each !== fn));
  }
  once(name, ...rest) {
    if (rest.length > 0) throw new TypeError(`${name} ${rest.length}`);
    return new Promise((resolve) => {
      const off = this.on(name, (value) => {
        off();
        resolve(value);
      });
    });
  }
  emit(name, value) {
    for (const fn of this.#heard.get(name) ?? []) fn(value);
  }
  async waitFor(name) {
    return [name, await this.once(name)];
  }
}
const shown = (error) => error.stack.split('\n').slice(0, 3).join('\n').replaceAll(import.meta.url, 'here');

const emitter = new Emitter();
setTimeout(() => emitter.emit('open', 1), 5);
setTimeout(() => emitter.emit('shut', 2), 10);
console.log(await emitter.once('open'), await emitter.waitFor('shut'));
console.log(await emitter.emit('open', 3), await { once: (name) => name }.once('plain'));
try {
  await emitter.once('open', 1, 2);
} catch (error) {
  console.log(shown(error));
}
try {
  await undefined?.once('x');
  await emitter.next('x');
} catch (error) {
  console.log(shown(error));
}
let reads = 0;
const holder = {
  get emitter() {
    reads++;
    return emitter;
  },
};
setTimeout(() => holder.emitter.emit('late', 4), 5);
console.log(await holder.emitter.once('late'), reads);
class Child extends Emitter {
  async load() {
    setTimeout(() => this.emit('loaded', this === child), 5);
    return await this.once('loaded');
  }
}
const child = new Child();
console.log(await child.load(), await super_());
async function super_() {
  return (await new (class extends Emitter { async go() { setTimeout(() => this.emit('a', 'own'), 5); return await super.once('a'); } })().go());
}
