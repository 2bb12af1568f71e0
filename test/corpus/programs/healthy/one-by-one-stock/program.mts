// Prints the stock of each article.
import { setTimeout as delay } from 'node:timers/promises';

async function stockOf(article: string): Promise<number> {
  await delay(30);
  return article.length;
}

async function listStock(articles: readonly string[]): Promise<string[]> {
  return Promise.all(articles.map(async (article) => `${article}:${await stockOf(article)}`));
}

console.log((await listStock(['nut', 'bolt', 'washer', 'screw', 'nail', 'hook'])).join(' '));
