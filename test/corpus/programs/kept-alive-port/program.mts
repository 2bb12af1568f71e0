// Two halves of a program talk over a channel.
import { MessageChannel, type MessagePort } from 'node:worker_threads';

function answerOn(port: MessagePort) {
  port.on('message', (question: string) => port.postMessage(question.toUpperCase()));
}

const { port1, port2 } = new MessageChannel();
answerOn(port2);
const answer = new Promise<string>((resolve) => port1.once('message', resolve));
port1.postMessage('hello');
console.log(await answer);
