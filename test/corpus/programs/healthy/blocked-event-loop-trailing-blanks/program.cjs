// Messages come in by an emitter; blanks at the end of lines are cut off.
const { EventEmitter } = require('node:events');

const inbox = new EventEmitter();
function tidy(text) {
  return text.trimEnd();
}
inbox.on('message', (text) => console.log(tidy(text).length));

setTimeout(() => inbox.emit('message', 'short   '), 10);
setTimeout(() => inbox.emit('message', `${' '.repeat(60_000)}.`), 30);
setTimeout(() => inbox.emit('message', 'short again'), 40);
