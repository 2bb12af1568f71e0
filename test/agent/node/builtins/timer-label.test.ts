import { equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { timerLabel } from '../../../../runtime/agent/node/builtins/timer-label.ts';

describe('what a timer is called', () => {
  it('has its delay, and of a fraction no more than says something', () => {
    equal(timerLabel('setTimeout', 250), 'setTimeout 250 ms');
    equal(timerLabel('setTimeout', 531.2173043928719), 'setTimeout 531 ms');
    equal(timerLabel('setTimeout', 2.25), 'setTimeout 2.3 ms');
    equal(timerLabel('setInterval', Infinity), 'setInterval Infinity ms');
    equal(timerLabel('setTimeout', Number.NaN), 'setTimeout NaN ms');
  });

  it('has no delay that is no number: reading it could run code', () => {
    equal(timerLabel('setTimeout', '20'), 'setTimeout');
    equal(timerLabel('setTimeout', undefined), 'setTimeout');
  });
});
