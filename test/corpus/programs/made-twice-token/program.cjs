// The token of a service is fetched when it is needed first.
const { setTimeout: delay } = require('node:timers/promises');

let token = null;
let fetched = 0;

async function fetchToken() {
  fetched += 1;
  await delay(15);
  return { text: `token ${fetched}` };
}

async function call(name) {
  token ??= await fetchToken();
  return `${name} with ${token.text}`;
}

Promise.all(['users', 'orders', 'stock'].map(call)).then((all) => console.log(all.length, fetched));
