// Fills forms in with pens that lie on a desk; the desk is cleared at night.
import { setTimeout as delay } from 'node:timers/promises';

function createDesk(pens) {
  const asking = [];
  return {
    take() {
      if (pens.length > 0) return Promise.resolve(pens.pop());
      return new Promise((resolve) => asking.push(resolve));
    },
    putBack(pen) {
      const next = asking.shift();
      if (next === undefined) pens.push(pen);
      else next(pen);
    },
  };
}

const desk = createDesk(['blue', 'red']);
const night = setInterval(() => console.log('clear'), 3_600_000);

async function fillIn(form) {
  const pen = await desk.take();
  for (const field of form.fields) {
    await delay(2);
    if (field === '') throw new Error(`${form.title}: a field is empty`);
  }
  desk.putBack(pen);
  return `${form.title} in ${pen}`;
}

const forms = [
  { title: 'tax', fields: ['name', 'income'] },
  { title: 'visa', fields: ['name', ''] },
  { title: 'lease', fields: ['', 'rent'] },
  { title: 'claim', fields: ['damage'] },
];
for (const form of forms) {
  const text = await fillIn(form).catch((error) => error.message);
  console.log(text);
}
clearInterval(night);
