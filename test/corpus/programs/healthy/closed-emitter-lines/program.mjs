// Reads questions and answers from a script, two lines at a time; the last may have no answer.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const script = Readable.from(['What is it?\n', 'A lamp.\n', 'Is it on?\n']);
const lines = createInterface({ input: script });
const nextLine = () =>
  new Promise((resolve) => {
    const end = () => resolve(null);
    lines.once('line', (line) => {
      lines.off('close', end);
      lines.pause();
      resolve(line);
    });
    lines.once('close', end);
  });
const keeper = setInterval(() => {}, 5000);
for (let i = 0; i < 2; i++) {
  lines.resume();
  const question = await nextLine();
  lines.resume();
  console.log(question, '-', await nextLine());
}
clearInterval(keeper);
