const log = [];
class Tracked extends Promise { constructor(run) { super(run); log.push('made'); } then(...args) { log.push('then'); return super.then(...args); } static get [Symbol.species]() { log.push('species'); return Promise; } }
await new Tracked((done) => done(1));
await Tracked.resolve(2).then((v) => v + 1);
await Tracked.all([1, Tracked.resolve(2)]);
const own = async () => Tracked.resolve(3);
console.log(await own(), own() instanceof Tracked, log.join(' '));
