/**
 * A probe set that counts, and checks that emitted code calls it in an order that the contract
 * allows. It is for tests of the instrumentation, which must not need the real probes. At exit it
 * writes its counts to `COUNTS_FILE`.
 */
import { writeFileSync } from 'node:fs';
import { type Activation, type ProbeSet, type Site } from '../../../runtime/agent/node/contract/probe-set.ts';

interface CountedActivation extends Activation {
  state: 'running' | 'suspended' | 'left';
}

const counts: Record<string, number> = {};
const files: string[] = [];
const faults: string[] = [];
const tables: Site[] = [];
let activations = 0;

function count(probe: string): void {
  counts[probe] = (counts[probe] ?? 0) + 1;
}

function expectState(
  activation: Activation,
  probe: string,
  ...states: CountedActivation['state'][]
): CountedActivation {
  const known = activation as CountedActivation;
  if (!states.includes(known.state)) faults.push(`${probe} on an activation that is ${known.state}`);
  return known;
}

function site(index: number, probe: string, ...roles: Site['role'][]): void {
  const found = tables[index];
  if (!found || !roles.includes(found.role)) faults.push(`${probe} with site ${index}, a ${found?.role}`);
}

export const probes: ProbeSet = {
  file(path, table) {
    count('file');
    files.push(path);
    tables.push(...(JSON.parse(table) as Site[]));
    return 0;
  },
  enter(base) {
    count('enter');
    if (typeof base !== 'number') faults.push('enter without a base');
    return { id: activations++, state: 'running' } as CountedActivation;
  },
  suspend(activation, index, operand) {
    count('suspend');
    expectState(activation, 'suspend', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'suspend', 'await');
    return operand;
  },
  resume(activation, value) {
    count('resume');
    expectState(activation, 'resume', 'suspended').state = 'running';
    return value;
  },
  caught(activation) {
    count('caught');
    expectState(activation, 'caught', 'suspended', 'running').state = 'running';
  },
  finallyIn(activation) {
    count('finallyIn');
    expectState(activation, 'finallyIn', 'suspended', 'running').state = 'running';
    return 1;
  },
  finallyOut(activation, token) {
    count('finallyOut');
    expectState(activation, 'finallyOut', 'running');
    if (token !== 1) faults.push('finallyOut without its token');
  },
  at(_base, index, value) {
    count('at');
    if (files.length === 1) site(index, 'at', 'yield', 'call');
    return value;
  },
  made(_base, index, promise) {
    count('made');
    if (files.length === 1) site(index, 'made', 'call');
    return promise;
  },
  ret(activation, index, value) {
    count('ret');
    expectState(activation, 'ret', 'running');
    if (files.length === 1) site(index, 'ret', 'return');
    return value;
  },
  done(activation) {
    count('done');
    expectState(activation, 'done', 'running');
  },
  exit(activation) {
    count('exit');
    expectState(activation, 'exit', 'running', 'suspended').state = 'left';
  },
  yielding(activation, index, value) {
    count('yielding');
    expectState(activation, 'yielding', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'yielding', 'yield');
    return value;
  },
  iterate(activation, index, iterable) {
    count('iterate');
    expectState(activation, 'iterate', 'running');
    if (files.length === 1) site(index, 'iterate', 'for-await');
    return iterable;
  },
  stepped(activation) {
    count('stepped');
    expectState(activation, 'stepped', 'running', 'suspended').state = 'running';
  },
};

Object.defineProperty(globalThis, Symbol.for('simul.probes'), { value: probes, configurable: true });
const target = process.env['COUNTS_FILE'];
if (target !== undefined)
  process.on('exit', () => writeFileSync(target, JSON.stringify({ counts, files, faults })));
