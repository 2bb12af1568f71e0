import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const begun = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="app.mjs" kind=main site="app.mjs:1:1 line"
  2 0 activationBegin id=2 parent=1 name="main" site="app.mjs:3:1 function main" kind=async-function
  3 0 activationEnd id=2 outcome=ok
  4 0 activationEnd id=1 outcome=ok
`;
const ofTests = begun.replace('/home/me/app.mjs', '/home/me/node_modules/.bin/mocha\\nspec.mjs');
const alive = (t: number, text: string, site = 'app.mjs:7:3 line main', more = ''): string =>
  `${t} 0 fact id=2 site="${site}" text="${text}" what=keeps-alive ${more}\n`;
const interrupted = `${5 * S} 0 processEnd signal=2 how=signal\n`;
const ended = `${5 * S} 0 processEnd how=exit\n`;
const nothingFor = 'nothing else had happened for 5.00 s when SIGINT came.';

describe('a process that is kept alive', () => {
  it('says by what, and where that was made', () => {
    assert.deepEqual(findingsOf(begun + alive(S, 'setInterval 9000 ms') + interrupted), [
      `error kept-alive: The process was kept alive by setInterval 9000 ms, made at app.mjs:7; ${nothingFor} clearInterval(), or unref() on it, lets the process end.`,
    ]);
  });

  it('names a channel before a worker, which may listen to it, too', () => {
    const both = alive(S, 'a worker', 'app.mjs:5:3 line main') + alive(S, 'a BroadcastChannel');
    assert.deepEqual(findingsOf(begun + both + interrupted), [
      `error kept-alive: The process was kept alive by a BroadcastChannel, listened to since app.mjs:7 and a worker, made at app.mjs:5; ${nothingFor} Close it, or unref() it, in each thread that listens to it. A worker that does not can be terminated.`,
    ]);
  });

  it('says what made a worker count again', () => {
    const again = alive(S, 'a worker', undefined, 'called="app.mjs:12:1 line main"');
    assert.match(
      findingsOf(begun + again + interrupted)[0]!,
      /made at app\.mjs:7, which .* at app\.mjs:12 made/,
    );
  });

  it('names of what a package made the function that asked for it', () => {
    const inPackage = alive(S, 'a connection to 10.0.0.1:5432 of pg').replace(/site="[^"]*"/, '');
    assert.match(
      findingsOf(begun + inPackage + interrupted)[0]!,
      /^warning .* of pg, made for main \(app\.mjs:3\);/,
    );
  });

  it('is no fault where it ended by itself, or goes on', () => {
    const interval = alive(S, 'setInterval 9000 ms');
    assert.deepEqual(findingsOf(begun + interval + ended), []);
    const goesOn = `${3 * S} 0 fact what=unclosed\n`;
    assert.match(findingsOf(begun + interval + goesOn)[0]!, /^info kept-alive: The process is kept alive by/);
  });

  it('is no fault where something happened less than a second before', () => {
    const works = `
      ${4.5 * S} 0 activationBegin id=3 name="f" kind=async-function
      ${4.5 * S} 0 activationEnd id=3 outcome=ok
    `;
    assert.deepEqual(findingsOf(begun + alive(S, 'setInterval 9000 ms') + works + interrupted), []);
  });

  it('is no fault where a task waits for its own timer', () => {
    const sleeps = `
      5 0 resourceBegin creator=2 id=9 name="setTimeout 60000 ms" kind=timer
      5 0 activationBegin id=3 name="f" kind=async-function
      6 0 wait id=3 site="app.mjs:9:1 await f" for=9 reason=timer
    `;
    assert.deepEqual(findingsOf(begun + sleeps + alive(S, 'setInterval 9000 ms') + interrupted), []);
  });

  it('is no fault where others may come to its server, unless it runs tests', () => {
    const service = alive(S, 'an HTTP server on port 3000', undefined, 'amount=3000');
    assert.match(findingsOf(begun + service + interrupted)[0]!, /^info kept-alive/);
    assert.match(findingsOf(ofTests + service + interrupted)[0]!, /^error .*listening since app\.mjs:7;/);
  });

  it('is told by the interval whose callbacks go on, unless they begin tasks', () => {
    const ticks = (t: number, work = ''): string => `
      ${t} 0 activationBegin id=${t} parent=2 of=9 name="tick" kind=timer-callback
      ${work}
      ${t} 0 activationEnd id=${t} outcome=ok
    `;
    const made = '4 0 resourceBegin creator=2 id=9 name="setInterval 400 ms" kind=timer\n';
    const interval = begun + made + ticks(S - 1) + alive(S, 'setInterval 400 ms') + ticks(4 * S);
    assert.match(findingsOf(interval + interrupted)[0]!, /^error kept-alive: .* by setInterval 400 ms/);
    const task = `
      ${4.5 * S} 0 activationBegin id=77 parent=${4.5 * S} name="poll" kind=async-function
      ${4.5 * S} 0 activationEnd id=77 outcome=ok
    `;
    assert.match(findingsOf(interval + ticks(4.5 * S, task) + interrupted)[0]!, /^info kept-alive/);
  });

  it('is told beside a few callbacks of timeouts, unless they do something', () => {
    const callback = (id: number, t: number, work = ''): string => `
      ${t} 0 activationBegin id=${id} parent=2 of=9 name="remind" kind=timer-callback
      ${work}
      ${t} 0 activationEnd id=${id} outcome=ok
    `;
    const made = '4 0 resourceBegin creator=2 id=9 name="setTimeout 1000 ms" kind=timer\n';
    const interval = begun + made + alive(S, 'setInterval 9000 ms');
    const one = callback(50, 4.5 * S);
    assert.match(findingsOf(interval + one + interrupted)[0]!, /^error kept-alive/);
    const many = [51, 52, 53, 54].map((id) => callback(id, 4.5 * S)).join('');
    assert.deepEqual(findingsOf(interval + many + interrupted), []);
    const task = `${4.5 * S} 0 activationBegin id=77 parent=50 name="f" kind=async-function
      ${4.5 * S} 0 activationEnd id=77 outcome=ok`;
    assert.deepEqual(findingsOf(interval + callback(50, 4.5 * S, task) + interrupted), []);
  });

  it('is what it was the last time, where the agent says so', () => {
    const works = `${2 * S} 0 activationBegin id=3 name="f" kind=async-function
      ${2 * S} 0 activationEnd id=3 outcome=ok\n`;
    const asBefore = `${3.5 * S} 0 fact what=keeps-alive\n`;
    const interval = begun + alive(S, 'setInterval 9000 ms') + works;
    assert.deepEqual(findingsOf(interval + interrupted), [], 'not known since it worked');
    assert.match(findingsOf(interval + asBefore + interrupted)[0]!, /^error .* by setInterval 9000 ms/);
  });

  it('is not told after a loss', () => {
    const lost = `${2 * S} 0 lost count=3 since=${S} where=ring\n`;
    const findings = findingsOf(begun + alive(S, 'setInterval 9000 ms') + lost + interrupted);
    assert.ok(!findings.some((words) => words.includes('kept-alive')));
  });

  it('leaves a child process that is traced to what is said of that', () => {
    const waits = begun + alive(S, 'the child process 200') + interrupted;
    assert.match(findingsOf(waits)[0]!, /^warning kept-alive/);
    assert.deepEqual(findingsOf(waits, '0 0 processBegin pid=200\n'), []);
    const behindShell = '0 0 processBegin pid=201 parentPid=200\n';
    assert.deepEqual(findingsOf(waits, behindShell), [], 'a shell has started it');
    const ofAnother = '0 0 processBegin pid=201 parentPid=7\n';
    assert.match(findingsOf(waits, ofAnother)[0]!, /^warning kept-alive/);
  });

  it('in a shutdown names the request that holds it, and the line of close()', () => {
    const request = alive(
      S,
      'GET /events to a closing server',
      'app.mjs:4:8 line',
      'called="app.mjs:18:9 line"',
    );
    assert.match(
      findingsOf(begun + request + alive(S, 'setInterval 9000 ms') + interrupted)[0]!,
      /^error kept-alive: server\.close\(\) at app\.mjs:18 waited for GET \/events, which was never ended, of the server listening since app\.mjs:4;/,
    );
  });

  it('is told of a signal that the program listens to', () => {
    const asked = `${5 * S} 0 fact text="SIGTERM" what=signal\n${5 * S + 5} 0 processEnd exitCode=130 how=called\n`;
    assert.match(findingsOf(begun + alive(S, 'setInterval 9000 ms') + asked)[0]!, /when SIGTERM came\./);
  });
});
