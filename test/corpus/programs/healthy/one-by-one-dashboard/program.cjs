// A dashboard of three parts that have nothing to do with each other.
const { setTimeout: delay } = require('node:timers/promises');

async function loadUser(id) {
  await delay(80);
  return { id, name: 'ada' };
}
async function loadNews() {
  await delay(70);
  return ['rain', 'sun'];
}
async function loadRates(currency) {
  await delay(90);
  return { [currency]: 1.1 };
}

async function dashboard(id) {
  const [user, news, rates] = await Promise.all([loadUser(id), loadNews(), loadRates('EUR')]);
  return `${user.name}: ${news.length} news, ${rates.EUR}`;
}

dashboard(7).then((text) => console.log(text));
