/**
 * A probe set that counts, and checks that emitted code calls it in an order that the contract
 * allows. It is for tests of the instrumentation, which must not need the real probes. At exit it
 * writes its counts to `COUNTS_FILE`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishInThisRealm } from '../../../runtime/agent/node/contract/publish-probes.ts';
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

function begin(base: number, probe: string): CountedActivation {
  count(probe);
  if (typeof base !== 'number') faults.push(`${probe} without a base`);
  return { id: activations++, state: 'running' } as CountedActivation;
}

function returns(activation: Activation, index: number, probe: string): CountedActivation {
  count(probe);
  if (files.length === 1) site(index, probe, 'return');
  const known = expectState(activation, probe, 'running', 'suspended');
  known.state = 'running';
  return known;
}

const held: string[] = [];

const probes: ProbeSet = {
  file(path, table) {
    count('file');
    files.push(path);
    tables.push(...(JSON.parse(table) as Site[]));
    return 0;
  },
  enter: (base) => begin(base, 'enter'),
  enterGuarded: (base) => begin(base, 'enter'),
  suspend(activation, index) {
    count('suspend');
    expectState(activation, 'suspend', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'suspend', 'await');
  },
  resume(activation) {
    count('resume');
    expectState(activation, 'resume', 'suspended').state = 'running';
  },
  resumeLater(activation) {
    probes.resume(activation);
  },
  caught(activation) {
    count('caught');
    expectState(activation, 'caught', 'suspended', 'running').state = 'running';
  },
  finallyIn(activation, level) {
    count('finallyIn');
    expectState(activation, 'finallyIn', 'suspended', 'running').state = 'running';
    held.push(`${activation.id} ${level}`);
  },
  finallyOut(activation, level) {
    count('finallyOut');
    expectState(activation, 'finallyOut', 'running');
    if (!held.includes(`${activation.id} ${level}`)) faults.push('finallyOut without its finallyIn');
  },
  finallyLeave(activation, level) {
    count('finallyOut');
    expectState(activation, 'finallyLeave', 'running');
    if (!held.includes(`${activation.id} ${level}`)) faults.push('finallyLeave without its finallyIn');
  },
  at(_base, index) {
    count('at');
    if (files.length === 1) site(index, 'at', 'yield', 'call');
  },
  given: () => count('given'),
  streamCalled: () => count('streamCalled'),
  made(_base, index) {
    count('made');
    if (files.length === 1) site(index, 'made', 'call');
  },
  asked(_base, index) {
    count('asked');
    if (files.length === 1) site(index, 'asked', 'call');
  },
  ret(activation, index) {
    returns(activation, index, 'ret');
  },
  leave(activation, index) {
    returns(activation, index, 'ret').state = 'left';
  },
  done(activation) {
    count('done');
    expectState(activation, 'done', 'running');
  },
  end(activation) {
    count('done');
    expectState(activation, 'end', 'running').state = 'left';
  },
  exit(activation) {
    count('exit');
    expectState(activation, 'exit', 'running', 'suspended').state = 'left';
  },
  yielding(activation, index) {
    count('yielding');
    expectState(activation, 'yielding', 'running').state = 'suspended';
    if (files.length === 1) site(index, 'yielding', 'yield');
  },
  enterGenerator: (base) => begin(base, 'enterGenerator'),
  sent(activation) {
    count('sent');
    expectState(activation, 'sent', 'suspended').state = 'running';
  },
  iterate(activation, index, iterable) {
    count('iterate');
    expectState(activation, 'iterate', 'running');
    if (files.length === 1) site(index, 'iterate', 'for-await');
    return iterable;
  },
  enterCallback(base, index) {
    if (files.length === 1) site(index, 'enterCallback', 'function');
    return begin(base, 'enterCallback');
  },
  leaveCallback(activation) {
    count('leaveCallback');
    expectState(activation, 'leaveCallback', 'running').state = 'left';
  },
  held() {},
  stepped(activation) {
    count('stepped');
    expectState(activation, 'stepped', 'running', 'suspended').state = 'running';
  },
};

publishInThisRealm(probes, fileURLToPath(new URL('.', import.meta.url)));
const target = process.env['COUNTS_FILE'];
if (target !== undefined)
  process.on('exit', () => writeFileSync(target, JSON.stringify({ counts, files, faults })));
