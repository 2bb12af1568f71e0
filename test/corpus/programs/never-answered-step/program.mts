// Steps that each pass a request on, and one that does not.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

type Step = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
const steps: Step[] = [];
const log: Step = (request, _response, next) => {
  console.log(request.method, request.url);
  next();
};
const limit: Step = (request, response, next) => {
  const size = Number(request.headers['x-size'] ?? 0);
  response.setHeader('x-limit', '100');
  if (size > 100) {
    console.log('too large');
  } else {
    next();
  }
};
const answer: Step = (_request, response) => {
  response.end('ok');
};
steps.push(log, limit, answer);

const app = createServer((request, response) => {
  let i = 0;
  const next = (): void => steps[i++]!(request, response, next);
  next();
});
app.listen(0);
await once(app, 'listening');
const url = `http://127.0.0.1:${(app.address() as { port: number }).port}`;
for (const size of ['5', '500']) {
  const options = { headers: { 'x-size': size }, signal: AbortSignal.timeout(400) };
  await fetch(`${url}/files`, options).then(
    async (response) => console.log(response.status, await response.text()),
    (error: Error) => console.log(error.name),
  );
}
app.close();
