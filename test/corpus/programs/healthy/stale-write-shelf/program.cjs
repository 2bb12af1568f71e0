// A shelf label is written to a slow display, which takes longer for a long name.
const { setTimeout: delay } = require('node:timers/promises');

class Displays {
  #texts = new Map();

  async show(shelf, text) {
    if (text.length > 80) throw new RangeError('too long for a display');
    await delay(10 + text.length * 4);
    this.#texts.set(shelf, text);
  }

  read(shelf) {
    return this.#texts.get(shelf);
  }
}

const displays = new Displays();

async function main() {
  const long = displays.show('B4', 'Blackcurrant jam, organic, 340 g, from the valley');
  await delay(40);
  await long;
  const short = displays.show('B4', 'sold out');
  await Promise.all([long, short, displays.show('B5', 'Honey')]);
  console.log(displays.read('B4'));
}

void main();
