// Pages are fetched one behind the other; a second click stops that.
import { setTimeout as sleep } from 'node:timers/promises';

class Crawler {
  #running = null;
  pages = [];

  start(from) {
    this.#running?.abort();
    this.#running = new AbortController();
    return this.#crawl(from, { signal: this.#running.signal });
  }

  stop() {
    this.#running.abort();
  }

  async #crawl(from, { signal }) {
    if (signal.aborted) return;
    for (let page = from; page < from + 12; page++) {
      signal.throwIfAborted();
      await sleep(50);
      this.pages.push(page);
    }
  }
}

const crawler = new Crawler();
const first = crawler.start(100);
setTimeout(() => crawler.stop(), 130);
await first.catch(() => {});
console.log(crawler.pages.length, 'pages');
