import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = '0 0 activationBegin id=1 name="show" kind=async-function';
const again = (text: string, first = 'a.cjs:10:5 line limit'): string =>
  `9000000 0 fact id=1 site="a.cjs:37:5 line show" called="${first}" text="${text}" amount=5000 what=answered-again`;
const thrown =
  '9000001 0 fact id=1 site="a.cjs:37:5 line show" text="Error: Cannot set headers after they are sent to the client" what=unhandled';

describe('a request that was answered twice', () => {
  it('is told with both lines, and not once more as an error that nobody handled', () => {
    deepEqual(
      findingsOf(
        `${begin}\n${again('ended|503 Service Unavailable', 'a.cjs:10:5 line Timeout._onTimeout')}\n${thrown}`,
      ),
      [
        'error answered-twice: show answered at a.cjs:37 a request that a timer had answered at a.cjs:10 with 503 Service ' +
          'Unavailable, 5.0 ms before: headers cannot be set after they are sent, and nobody handled that error. The ' +
          'first answer stops nothing: look at `response.headersSent` before the second one, or stop the work with an ' +
          'AbortSignal.',
      ],
    );
  });

  it('is told of one function once for its lines, and what mends it', () => {
    deepEqual(findingsOf(`${begin}\n${again('own|404 Not Found')}\n${again('own|404 Not Found')}`), [
      'warning answered-twice: show answered at a.cjs:37 a request that had been answered at a.cjs:10 with 404 Not Found, ' +
        '5.0 ms before (and so 1 other time): headers cannot be set after they are sent. Return after the first answer.',
    ]);
  });

  it('leaves an error of another line to be told', () => {
    const other = thrown.replace('37', '40');
    deepEqual(
      findingsOf(`${begin}\n${again('own|404 Not Found')}\n${other}`).map((words) => words.split(':')[0]),
      ['error uncaught-error', 'warning answered-twice'],
    );
  });
});
