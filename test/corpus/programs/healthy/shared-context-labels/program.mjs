// Labels are translated in batches, in the language of the request.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const requests = new AsyncLocalStorage();
const words = {
  nl: { bread: 'brood', milk: 'melk' },
  sv: { bread: 'bröd', milk: 'mjölk' },
};

class Batch {
  #waiting = [];
  #run;

  constructor(run) {
    this.#run = run;
  }

  load(key) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 2);
    });
  }

  async #flush() {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const values = await this.#run(waiting.map(({ key }) => key));
      waiting.forEach(({ resolve }, i) => resolve(values[i]));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}

async function translate(labels) {
  const { language } = requests.getStore();
  await delay(5);
  return labels.map((label) => words[language][label]);
}

function handle(language, label) {
  return requests.run({ language, translations: new Batch(translate) }, async () => {
    const word = await requests.getStore().translations.load(label);
    return `${language}: ${word}`;
  });
}

console.log(await Promise.all([handle('nl', 'bread'), handle('sv', 'milk')]));
