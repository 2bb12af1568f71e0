// A channel to a child: order of messages, the callback of `send`, what cannot be sent, and what is
// sent after the end.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'child') {
  const got = [];
  process.on('message', (message) => {
    got.push(message.n);
    if (message.n === 3) {
      process.send({ got }, () => process.disconnect());
    }
  });
} else {
  const child = fork(fileURLToPath(import.meta.url), ['child']);
  console.log(Object.keys(child).includes('send'), child.send.length, child.send.name, child.send.toString().length > 30);
  child.send({ n: 1 }, (error) => console.log('sent', error));
  child.send({ n: 2, toJSON: undefined });
  try {
    child.send(undefined);
  } catch (error) {
    console.log(error.code, error.stack.split('\n').length);
  }
  child.send({ n: 3 });
  console.log((await once(child, 'message'))[0]);
  console.log(await once(child, 'exit'));
  child.on('error', (error) => console.log('error', error.code));
  console.log(child.send({ n: 4 }));
  console.log(child.listenerCount('message'), child.listenerCount('exit'));
}
