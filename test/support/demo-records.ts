/**
 * The records of a small program, for tests and pictures of the panel: two producers and three
 * consumers on a queue of two, a lock, timers, I/O, an error and a cancellation, on one thread. A
 * small scheduler makes them, so every wait has a cause and every run a waker. No time comes from a
 * clock.
 */
import { fromText } from '../../runtime/trace/format/text.ts';

const MS = 1e6;

interface Step {
  readonly ms: number;
  readonly then: Then;
}
type Then =
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'io'; readonly ms: number; readonly text: string }
  | { readonly kind: 'put' | 'get' }
  | { readonly kind: 'lock' }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'spawn'; readonly task: number }
  | { readonly kind: 'join'; readonly task: number }
  | { readonly kind: 'end' | 'error' | 'cancel' };

/** One task of the program and how far it is. */
interface Actor {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly steps: readonly Step[];
  /** Index of its next step. */
  at: number;
  hasStarted: boolean;
  hasEnded: boolean;
  waker: number;
}

const sleep = (ms: number, after: number): Step => ({ ms, then: { kind: 'sleep', ms: after } });
const io = (ms: number, text: string, takes: number): Step => ({ ms, then: { kind: 'io', ms: takes, text } });
const step = (ms: number, kind: 'put' | 'get' | 'lock' | 'unlock' | 'end' | 'error' | 'cancel'): Step => ({
  ms,
  then: { kind },
});
const spawn = (task: number): Step => ({ ms: 0.3, then: { kind: 'spawn', task } });
const join = (task: number): Step => ({ ms: 0.2, then: { kind: 'join', task } });

/** @param rounds how many items each consumer takes */
export function demoRecords(rounds = 3): Uint8Array {
  return fromText(demoText(rounds), 1_000_000_000n);
}

export function demoText(rounds = 3): string {
  const consumer = (work: number): Step[] => [
    ...Array.from({ length: rounds }, () => [
      step(0.2, 'get'),
      step(work, 'lock'),
      io(0.6, 'store.save(row)', 4 + work),
      step(0.3, 'unlock'),
    ]).flat(),
    step(0.4, 'end'),
  ];
  const producer = (count: number, work: number): Step[] => [
    ...Array.from({ length: count }, (_, i) => [
      io(0.5, `fetch(urls[${i}])`, 3 + work),
      step(work, 'put'),
    ]).flat(),
    step(0.2, 'end'),
  ];
  const perProducer = Math.ceil((rounds * 3) / 2);
  const scripts: [number, string, number, Step[]][] = [
    [1, '<module>', 1, [...[2, 3, 4, 5, 6, 7, 8].map(spawn), ...[2, 3, 4, 5, 6].map(join), step(0.5, 'end')]],
    [2, 'producer', 12, producer(perProducer, 2)],
    [3, 'producer', 12, producer(rounds * 3 - perProducer, 3.5)],
    [4, 'consumer', 24, consumer(1.5)],
    [5, 'consumer', 24, consumer(2.5)],
    [6, 'consumer', 24, consumer(1)],
    [7, 'heartbeat', 38, [...Array.from({ length: rounds * 2 }, () => sleep(0.2, 7)), step(0.1, 'cancel')]],
    [8, 'loadConfig', 45, [io(0.4, "readFile('config.json')", 9), step(1.2, 'error')]],
  ];
  return run(
    scripts.map(([id, name, line, steps]) => ({
      id,
      name,
      line,
      steps,
      at: 0,
      hasStarted: false,
      hasEnded: false,
      waker: 0,
    })),
  );
}

const QUEUE = 20;
const LOCK = 21;

/** Runs the actors on one thread, first come first served. @returns the records as text */
function run(actors: readonly Actor[]): string {
  const lines: string[] = [];
  let now = 0;
  const emit = (text: string): void => void lines.push(`${Math.round(now * MS)} 0 ${text}`);
  const actorsById = new Map(actors.map((actor) => [actor.id, actor]));
  const ready: Actor[] = [];
  const timers: { at: number; actor: Actor }[] = [];
  const getters: Actor[] = [];
  const putters: Actor[] = [];
  const lockers: Actor[] = [];
  const joiners = new Map<number, Actor>();
  let depth = 0;
  let holder = 0;
  const site = (actor: Actor, offset: number, text: string): string =>
    `"/project/shop.ts:${actor.line + offset}:5 await ${actor.name} | ${text.replaceAll('"', "'")}"`;
  const wake = (actor: Actor, waker: number, resource: number): void => {
    actor.waker = waker;
    emit(`wake woken=${actor.id}${waker ? ` waker=${waker}` : ''}${resource ? ` resource=${resource}` : ''}`);
    ready.push(actor);
  };
  const wait = (actor: Actor, offset: number, text: string, on: number, reason: string): void =>
    emit(`wait id=${actor.id} site=${site(actor, offset, text)}${on ? ` for=${on}` : ''} reason=${reason}`);

  emit('processBegin pid=4711 argv="node /project/shop.ts" version="v24.0.0" language=node method=program');
  emit('laneBegin osThread=4711 name="main" kind=main');
  emit(`activationBegin id=1 site="/project/shop.ts:1:1 function <module>" name="shop.ts" kind=module`);
  emit(
    `resourceBegin creator=1 id=${QUEUE} site="/project/shop.ts:3:15 call <module>" name="orders" capacity=2 bounded kind=queue`,
  );
  emit(
    `resourceBegin creator=1 id=${LOCK} site="/project/shop.ts:4:15 call <module>" name="db" capacity=1 bounded kind=lock`,
  );
  actorsById.get(1)!.hasStarted = true;
  ready.push(actorsById.get(1)!);
  let first = true;
  while (ready.length > 0 || timers.length > 0) {
    if (ready.length === 0) {
      timers.sort((a, b) => a.at - b.at);
      now = Math.max(now, timers[0]!.at);
    }
    timers.sort((a, b) => a.at - b.at);
    while (timers.length > 0 && timers[0]!.at <= now) wake(timers.shift()!.actor, 0, 0);
    const actor = ready.shift()!;
    if (!first) {
      if (actor.hasStarted)
        emit(`run id=${actor.id}${actor.waker ? ` waker=${actor.waker} waker=known` : ''}`);
      else actor.hasStarted = true;
    }
    if (!first && actor.at === 0) emit(`run id=${actor.id} waker=1 waker=known`);
    first = false;
    perform(actor);
  }
  emit('laneEnd how=exit');
  emit('processEnd how=exit');
  return lines.join('\n');

  function perform(actor: Actor): void {
    for (;;) {
      const { ms, then } = actor.steps[actor.at++]!;
      now += ms;
      switch (then.kind) {
        case 'spawn': {
          const child = actorsById.get(then.task)!;
          emit(
            `activationBegin id=${child.id} parent=${actor.id} site="/project/shop.ts:${child.line}:1 function ${child.name}" name="${child.name}" kind=async-function ready unawaited`,
          );
          ready.push(child);
          break;
        }
        case 'sleep':
          wait(actor, 2, `setTimeout(${then.ms})`, 0, 'timer');
          timers.push({ at: now + then.ms, actor });
          return;
        case 'io':
          wait(actor, 3, then.text, 0, 'io');
          timers.push({ at: now + then.ms, actor });
          return;
        case 'join':
          if (actorsById.get(then.task)!.hasEnded) break;
          wait(actor, 6, `tasks[${then.task - 2}]`, then.task, 'join');
          joiners.set(then.task, actor);
          return;
        case 'put':
          if (depth >= 2) {
            wait(actor, 5, 'orders.put(row)', QUEUE, 'queue-put');
            putters.push(actor);
            return;
          }
          depth++;
          emit(`put by=${actor.id} resource=${QUEUE} depth=${depth} now`);
          if (getters.length > 0) {
            depth--;
            emit(`get by=${getters[0]!.id} resource=${QUEUE}${depth ? ` depth=${depth}` : ''}`);
            wake(getters.shift()!, actor.id, QUEUE);
          }
          break;
        case 'get':
          if (depth === 0) {
            wait(actor, 1, 'orders.get()', QUEUE, 'queue-get');
            getters.push(actor);
            return;
          }
          depth--;
          emit(`get by=${actor.id} resource=${QUEUE}${depth ? ` depth=${depth}` : ''} now`);
          if (putters.length > 0) {
            depth++;
            emit(`put by=${putters[0]!.id} resource=${QUEUE} depth=${depth}`);
            wake(putters.shift()!, actor.id, QUEUE);
          }
          break;
        case 'lock':
          if (holder !== 0) {
            wait(actor, 2, 'db.acquire()', LOCK, 'lock');
            lockers.push(actor);
            return;
          }
          holder = actor.id;
          emit(`acquire by=${actor.id} resource=${LOCK} holder=${actor.id}`);
          break;
        case 'unlock': {
          const next = lockers.shift();
          emit(`release by=${actor.id} resource=${LOCK} left=1`);
          holder = next?.id ?? 0;
          if (!next) break;
          emit(`acquire by=${next.id} resource=${LOCK} holder=${next.id}`);
          wake(next, actor.id, LOCK);
          break;
        }
        case 'end':
        case 'error':
        case 'cancel': {
          const outcome = then.kind === 'end' ? 'ok' : then.kind === 'error' ? 'error' : 'cancelled';
          emit(
            `activationEnd id=${actor.id}${outcome === 'error' ? ' error="SyntaxError"' : ''} outcome=${outcome}`,
          );
          actor.hasEnded = true;
          const joiner = joiners.get(actor.id);
          if (joiner) wake(joiner, actor.id, 0);
          return;
        }
      }
    }
  }
}
