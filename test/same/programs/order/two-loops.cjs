const log = [];
async function loop(name, n) { for (let i = 0; i < n; i++) { await null; log.push(name + i); } return name; }
Promise.all([loop('a', 4), loop('b', 3), loop('c', 2)]).then((all) => console.log(all, log.join(' ')));
