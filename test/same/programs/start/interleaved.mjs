// same: core
const step = async (name, n) => { for (let i = 0; i < n; i++) { await new Promise((done) => setImmediate(done)); process.stdout.write(`${name}${i} `); } }; await Promise.all([step('a', 3), step('b', 4), step('c', 2)]); process.stdout.write('\n');
