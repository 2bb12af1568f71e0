class Lazy { get value() { return this.load(); } load() { throw new RangeError('no value'); } set value(given) { throw new Error(`set ${given}`); } }
async function read(lazy) { await null; return lazy.value; }
read(new Lazy()).catch((error) => console.log(error.stack));
(async () => { await 1; new Lazy().value = 3; })().catch((error) => console.log(error.stack));
