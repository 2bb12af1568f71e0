// Texts are translated together, each within a limit.
import { setTimeout as delay } from 'node:timers/promises';

class Translator {
  async translate(text) {
    await delay(200 + text.length);
    return text.toUpperCase();
  }
}

const translator = new Translator();

async function orOriginal(text) {
  const over = new AbortController();
  const slow = delay(1500, text, { signal: over.signal }).catch(() => text);
  try {
    return await Promise.race([translator.translate(text), slow]);
  } finally {
    over.abort();
  }
}

const texts = ['morning', 'noon', 'evening', 'night'];
const shown = await Promise.all(texts.map(orOriginal));
console.log(shown.join(' '));
