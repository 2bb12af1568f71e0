// Files are converted two at a time; one way out of the conversion calls nobody back.
const { stat } = require('node:fs');

function inLine(work, width) {
  const waiting = [];
  let running = 0;
  function next() {
    while (running < width && waiting.length > 0) {
      const { task, whenDone } = waiting.shift();
      running++;
      work(task, (error, result) => {
        running--;
        whenDone(error, result);
        next();
      });
    }
  }
  return (task, whenDone) => {
    waiting.push({ task, whenDone });
    next();
  };
}

const convert = inLine(function convert(path, done) {
  stat(path, (error, stats) => {
    if (error) {
      console.log('no such file:', path);
      return;
    }
    done(null, `${path}: ${stats.size > 0}`);
  });
}, 2);

for (const name of ['program.cjs', 'a.txt', 'program.cjs', 'b.txt', 'program.cjs', 'program.cjs'])
  convert(name.startsWith('program') ? __filename : name, (_, line) => console.log(line.length > 0));
