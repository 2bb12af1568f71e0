// A shop that prints photos and labels.
import { setTimeout as delay } from 'node:timers/promises';

interface Printer {
  photo(name: string): Promise<string>;
  label(text: string): Promise<string>;
}

function openPrinter(): Printer {
  let tail: Promise<void> = Promise.resolve();
  const print = (text: string, millis: number): Promise<string> => {
    return new Promise((resolve) => {
      tail = tail.then(() => delay(millis)).then(() => resolve(text));
    });
  };
  return {
    photo: (name) => print(`photo of ${name}`, 300),
    label: (text) => print(`label ${text}`, 0),
  };
}

const printer = openPrinter();

const printAlbum = async (names: readonly string[]): Promise<number> => {
  let printed = 0;
  for (const name of names) {
    const photo = await printer.photo(name);
    printed += photo.length;
  }
  return printed;
};
const sendParcel = async (address: string, after: number): Promise<string> => {
  await delay(after);
  return await printer.label(address);
};

const album = printAlbum(['sea', 'hill', 'lake']);
const labels = await Promise.all([sendParcel('Ulm', 40), sendParcel('Bern', 380), sendParcel('Graz', 700)]);
console.log(labels.length, (await album) > 0);
