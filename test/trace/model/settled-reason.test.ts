import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { settledTarget } from '../../../runtime/trace/model/settled-reason.ts';
import { targetResource } from '../../../runtime/trace/model/state.ts';
import { querySourceOf } from '../../support/query-text.ts';

/** Groups 0 and 1, of which each is a member of the other; what is asked, 2; a connection, 3. */
const trace = (member: string): ReturnType<typeof querySourceOf>['trace'] =>
  querySourceOf(`
  0 0 activationBegin id=1 name="main" kind=async-function
  1 0 resourceBegin creator=1 id=7 name="Promise.all" capacity=1 kind=group
  1 0 resourceBegin creator=1 id=8 name="Promise.all" capacity=1 kind=group
  1 0 resourceBegin creator=1 id=9 name="client" kind=foreign
  1 0 resourceBegin creator=1 id=10 name="a TCP connection" kind=io
  2 0 group parent=1 group=7 child=8 count=1 kind=all
  2 0 group parent=1 group=8 child=${member} count=1 kind=all
`).trace;
const [GROUP, CONNECTION] = [targetResource(0), targetResource(3)];

describe('what a wait was for, once it is over', () => {
  it('is the group that holds what was asked, also by way of another group', () => {
    equal(settledTarget(trace('9'), GROUP, -1, CONNECTION), GROUP);
  });

  it('is told of groups that hold each other, as a damaged trace may say', () => {
    const damaged = trace('7');
    deepEqual([...damaged.groups.get(1)!.members], [GROUP]);
    equal(settledTarget(damaged, GROUP, -1, CONNECTION), CONNECTION);
  });
});
