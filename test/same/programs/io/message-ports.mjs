// Ports between threads: order, events that the program dispatches, handlers that throw, what
// `inspect` and `ownKeys` show, stacks, functions that cannot be sent.
import { once } from 'node:events';
import { inspect } from 'node:util';
import {
  MessageChannel,
  MessagePort,
  Worker,
  isMainThread,
  parentPort,
  receiveMessageOnPort,
} from 'node:worker_threads';

const show = (label, value) => console.log(label, value);
const stackOf = (error) =>
  error.stack
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/\(?(?:file:\/\/)?[^ (]*\/|\)$/g, '').replace(/:\d+:\d+/, ''))
    .join(' < ');

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { name: 'echo', stderr: true });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port2, n: 1 }, [port2]);
  for (let n = 2; n < 5; n++) worker.postMessage({ n });
  for (let n = 1; n < 5; n++) show('echo', (await once(worker, 'message'))[0]);
  port1.postMessage('over the port');
  show('port', (await once(port1, 'message'))[0]);

  try {
    worker.postMessage(() => {});
  } catch (error) {
    show('refused', `${error.name} ${error.message}`);
    show('stack', stackOf(error).split(' < ').length);
  }
  try {
    Reflect.apply(MessagePort.prototype.postMessage, {}, [1]);
  } catch (error) {
    show('no port', `${error.name} ${error.message}`);
  }

  const heard = [];
  port1.on('message', (value) => heard.push(value));
  port1.emit('message', 'made up');
  port1.emit('other', 1);
  port1.dispatchEvent(new Event('close-ish'));
  port1.postMessage('again');
  await once(port1, 'message');
  show('heard', heard);
  port1.close();

  const own = new MessageChannel();
  own.port1.postMessage({ a: 1 });
  show('taken', receiveMessageOnPort(own.port2));
  show('none', receiveMessageOnPort(own.port2));
  show('channel', own instanceof MessageChannel && own.constructor === MessageChannel);
  show('global', globalThis.MessageChannel === MessageChannel);
  own.port1.postMessage('seen');
  const seen = await new Promise((go) => own.port2.once('message', go));
  show('own', seen);
  show('keys', Reflect.ownKeys(own.port2).map(String));
  show('prototype', Reflect.ownKeys(MessagePort.prototype).map(String));
  show('lengths', [MessagePort.prototype.postMessage.length, receiveMessageOnPort.length, MessageChannel.length]);
  show('names', [MessagePort.prototype.postMessage.name, receiveMessageOnPort.name, MessageChannel.name]);
  show('text', [
    String(MessagePort.prototype.postMessage) === 'function postMessage() { [native code] }',
    String(MessageChannel),
  ]);
  own.port2.onmessage = (event) => {
    show('event', [event.data, event.ports.length, event.type, event.target === own.port2]);
    show('frames', stackOf(new Error('here')));
    own.port1.close();
  };
  own.port1.postMessage('to the handler');
  await once(own.port1, 'close');
  show('signal', await new Promise((go) => {
    const controller = new AbortController();
    controller.signal.addEventListener('abort', (event) => go(event.type));
    controller.abort();
  }));
  worker.postMessage({ end: true });
  show('exit', await once(worker, 'exit'));
  show('sent after the end', worker.postMessage(1));
  show('inspect', /kCurrentlyReceivingPorts\)\]: \[\]/.test(inspect(own.port2)));
} else {
  parentPort.on('message', ({ port, n, end }) => {
    if (end) return parentPort.close();
    port?.on('message', (value) => port.postMessage(`${value}!`));
    port?.unref?.();
    parentPort.postMessage({ n, hasPort: port instanceof MessagePort });
  });
}
