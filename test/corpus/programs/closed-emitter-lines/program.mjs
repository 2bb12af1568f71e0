// Reads questions and answers from a script, two lines at a time.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const script = Readable.from(['What is it?\n', 'A lamp.\n', 'Is it on?\n']);
const lines = createInterface({ input: script });
const nextLine = () =>
  new Promise((resolve) =>
    lines.once('line', (line) => {
      lines.pause();
      resolve(line);
    }),
  );
const keeper = setInterval(() => {}, 5000);
for (let i = 0; i < 2; i++) {
  lines.resume();
  const question = await nextLine();
  lines.resume();
  console.log(question, '-', await nextLine());
}
clearInterval(keeper);
