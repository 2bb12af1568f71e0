// A gate that is closed twice: who waits at the first one is forgotten.
class Gate {
  #open: () => void = () => {};
  #opened: Promise<void> = Promise.resolve();
  close(): void {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }
  open(): void {
    this.#open();
  }
  get opened(): Promise<void> {
    return this.#opened;
  }
}
const gate = new Gate();
async function pass(name: string): Promise<void> {
  await gate.opened;
  console.log(name, 'passed');
}
const beat = setInterval(() => {}, 250);
const gaveUp = setTimeout(() => process.exit(1), 1800);
gate.close();
const first = pass('first');
gate.close();
const second = pass('second');
setTimeout(() => gate.open(), 20);
await Promise.all([first, second]);
clearTimeout(gaveUp);
clearInterval(beat);
