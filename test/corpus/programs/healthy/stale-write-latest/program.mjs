// Late answers that are dropped, replaced soon, kept each by its own key, or asked for at once.
import { setTimeout as sleep } from 'node:timers/promises';

const ask = async (text, ms) => {
  await sleep(ms);
  return `answer to ${text}`;
};

const view = { hits: '', seen: {}, note: '', last: '', total: 0 };
let latest = 0;

async function search(text, ms) {
  const mine = ++latest;
  const hits = await ask(text, ms);
  if (mine !== latest) return;
  view.hits = hits;
}

async function remember(text, ms) {
  view.seen[text] = await ask(text, ms);
}

async function soon(text, ms) {
  view.note = await ask(text, ms);
}

async function measure(host, ms) {
  view.last = await ask(host, ms);
}

function count(text, ms) {
  return ask(text, ms).then((answer) => {
    view.total += answer.length;
  });
}

const first = [search('a', 200), remember('a', 200), soon('a', 60), count('a', 150)];
await sleep(20);
await Promise.all([search('ab', 20), remember('ab', 20), soon('ab', 20), count('ab', 20)]);
await sleep(20);
await soon('abc', 30);
await Promise.all(first);
await Promise.all([measure('north', 90), measure('south', 20), measure('east', 50)]);
await sleep(150);
console.log(view.hits, Object.keys(view.seen).length, view.note, view.last !== '', view.total);
