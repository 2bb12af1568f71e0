// Prints the stock of each article.
import { setTimeout as delay } from 'node:timers/promises';

async function stockOf(article: string): Promise<number> {
  await delay(30);
  return article.length;
}

async function listStock(articles: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const article of articles) {
    const stock = await stockOf(article);
    lines.push(`${article}:${stock}`);
  }
  return lines;
}

console.log((await listStock(['nut', 'bolt', 'washer', 'screw', 'nail', 'hook'])).join(' '));
