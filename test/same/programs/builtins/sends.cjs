// Objects with a `send`: what it gives and throws, and how often what leads to it is read.
let reads = 0;
const mailer = {
  sent: [],
  send(letter) {
    if (letter === undefined) throw new TypeError('no letter');
    this.sent.push(letter);
  },
  get own() {
    reads++;
    return this;
  },
};
const shown = (error) => error.stack.split('\n').slice(0, 3).join('\n').replaceAll(__filename, 'here');
[1, 2].forEach((letter) => mailer.send(letter));
mailer.own.send(3);
console.log(mailer.sent, reads, ((letter) => mailer.send(letter))(4));
try {
  mailer.send();
} catch (error) {
  console.log(shown(error));
}
const closed = new Proxy({}, { get: (_, key) => (key === 'send' ? () => console.log('through', key) : undefined) });
closed.send('x');
class Post {
  #mailer = mailer;
  send(letter) {
    this.#mailer.send(letter);
    return this;
  }
}
async function post() {
  new Post().send(5).send(6);
  const kept = mailer.send(7);
  await mailer.send(8);
  return kept;
}
post().then((kept) => console.log(kept, mailer.sent.length));
