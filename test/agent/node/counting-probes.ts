/**
 * A probe set that only counts, and checks that emitted code calls it in an order the contract allows: for tests of
 * the instrumentation, which must not need the real probes. What it saw is written at exit to `COUNTS_FILE`.
 */
import { writeFileSync } from 'node:fs';
import { type Activation, type ProbeSet, type Site } from '../../../runtime/agent/node/contract/probe-set.ts';

interface Act extends Activation {
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

function expectState(act: Activation, probe: string, ...states: Act['state'][]): Act {
  const known = act as Act;
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
    return { id: activations++, state: 'running' } as Act;
  },
  suspend(act, index, operand) {
    count('suspend');
    expectState(act, 'suspend', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'suspend', 'await');
    return operand;
  },
  resume(act, value) {
    count('resume');
    expectState(act, 'resume', 'suspended').state = 'running';
    return value;
  },
  caught(act) {
    count('caught');
    expectState(act, 'caught', 'suspended', 'running').state = 'running';
  },
  finallyIn(act) {
    count('finallyIn');
    expectState(act, 'finallyIn', 'suspended', 'running').state = 'running';
    return 1;
  },
  finallyOut(act, token) {
    count('finallyOut');
    expectState(act, 'finallyOut', 'running');
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
  ret(act, index, value) {
    count('ret');
    expectState(act, 'ret', 'running');
    if (files.length === 1) site(index, 'ret', 'return');
    return value;
  },
  done(act) {
    count('done');
    expectState(act, 'done', 'running');
  },
  exit(act) {
    count('exit');
    expectState(act, 'exit', 'running', 'suspended').state = 'left';
  },
  yielding(act, index, value) {
    count('yielding');
    expectState(act, 'yielding', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'yielding', 'yield');
    return value;
  },
  iterate(act, index, iterable) {
    count('iterate');
    expectState(act, 'iterate', 'running');
    if (files.length === 1) site(index, 'iterate', 'for-await');
    return iterable;
  },
  stepped(act) {
    count('stepped');
    expectState(act, 'stepped', 'running', 'suspended').state = 'running';
  },
};

Object.defineProperty(globalThis, Symbol.for('simul.probes'), { value: probes, configurable: true });
const target = process.env['COUNTS_FILE'];
if (target !== undefined)
  process.on('exit', () => writeFileSync(target, JSON.stringify({ counts, files, faults })));
