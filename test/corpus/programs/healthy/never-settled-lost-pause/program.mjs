// A pause that can be cut short: its timer is cleared, and that is all.
class Pause {
  #timer;
  #resolve;
  over;
  constructor(ms) {
    this.over = this.#begin(ms);
  }
  #begin(ms) {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = setTimeout(resolve, ms);
    });
  }
  cutShort() {
    clearTimeout(this.#timer);
    this.#resolve();
  }
}
async function poll(pause) {
  await pause.over;
  return 'polled';
}
const beat = setInterval(() => {}, 200);
const gaveUp = setTimeout(() => process.exit(1), 1800);
const pause = new Pause(60_000);
setTimeout(() => pause.cutShort(), 20);
console.log(await poll(pause));
clearTimeout(gaveUp);
clearInterval(beat);
