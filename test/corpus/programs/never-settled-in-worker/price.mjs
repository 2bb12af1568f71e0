import { EventEmitter, once } from 'node:events';

const rates = new EventEmitter();

export default async function price(article) {
  if (article === 7) {
    await once(rates, 'loaded');
  }
  return article * 2;
}
