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
  const slow = delay(150).then(() => text);
  return Promise.race([translator.translate(text), slow]);
}

const texts = ['morning', 'noon', 'evening', 'night'];
const shown = [];
for (const text of texts) shown.push(await orOriginal(text));
console.log(shown.join(' '));
