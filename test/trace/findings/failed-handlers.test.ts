import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = `0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/a.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 resourceBegin id=1 name="a request to the HTTP server" kind=io`;
const handler = (id: number, name: string): string =>
  `1 0 activationBegin id=${id} of=1 name="${name}" site="a.mjs:20:9 function f" kind=async-function
  2 0 activationEnd id=${id} outcome=error`;
const failed = (id: number): string =>
  `5 0 fact id=${id} site="a.mjs:14:3 line" text="Error: no lamp" what=unhandled`;
const unanswered = (request: string): string => `9 0 fact text="${request}" what=never-answered`;
const end = '10 0 processEnd how=exit';
const found = (...text: string[]): string[] =>
  findingsOf([begin, ...text, end].join('\n')).filter((line) => line.includes('never-answered'));

describe('a request that was never answered since its handler failed', () => {
  it('is told with the handler and its error', () => {
    deepEqual(found(handler(2, "get('/price/:thing') callback"), failed(2), unanswered('GET /price/lamp')), [
      "error never-answered: GET /price/lamp was never answered: request handler get('/price/:thing') (a.mjs:20) failed " +
        '(Error: no lamp, thrown at a.mjs:14), and nobody handled that. Answer it in a `catch`, or hand it on with ' +
        '`next(error)`.',
    ]);
  });

  it('is not told of a handler for other paths, nor where several may be meant', () => {
    const isFailure = (line: string): boolean => line.includes('failed');
    const other = handler(2, "get('/price/:thing') callback");
    deepEqual(found(other, failed(2), unanswered('GET /name/lamp')).filter(isFailure), []);
    deepEqual(
      found(handler(2, 'answer'), failed(2), unanswered('GET /a'), unanswered('GET /b')).filter(isFailure),
      [],
    );
    deepEqual(found(handler(2, 'answer'), failed(2), unanswered('GET /a')).filter(isFailure).length, 1);
  });
});
