import { setTimeout as sleep } from 'node:timers/promises';

const stock = new Map([
  ['lamp', 30],
  ['chair', 75],
  ['rug', 120],
]);

async function priceOf(article) {
  await sleep(15);
  return stock.get(article);
}

async function offer(articles) {
  const prices = await Promise.all(
    articles.map(async (article) => ({ article, price: await priceOf(article) })),
  );
  return { prices, total: prices.reduce((sum, { price }) => sum + price, 0) };
}

console.log(JSON.stringify(await offer([...stock.keys()])));
