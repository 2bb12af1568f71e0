/**
 * The enumerations of records: lists of names (`REASONS`), whose index is the number in a record,
 * and a map from name to number (`REASON.timer`). Names are appended, never moved or reused.
 */

/** The numbers of a list of names: `{ '': 0, task: 1, … }`, each with its literal type. */
type NumbersOf<Names extends readonly string[]> = {
  readonly [Index in keyof Names & `${number}` as Names[Index]]: Index extends `${infer N extends number}`
    ? N
    : never;
};

function numbersOf<const Names extends readonly string[]>(names: Names): NumbersOf<Names> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as NumbersOf<Names>;
}

/** Some numbers of a map, to test for: `numberSet(RESOURCE_KIND, 'thread', 'process')`. */
export const numberSet = <Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  ...names: readonly NoInfer<Name>[]
): ReadonlySet<number> => new Set(names.map((name) => numbers[name]));

export const SITE_ROLES = [
  '',
  'function',
  'await',
  'return',
  'yield',
  'for-await',
  'timer',
  'call',
  'line',
] as const;
export const SITE_ROLE = numbersOf(SITE_ROLES);

/**
 * What the parser saw at a site that no event tells. Of an await in a loop: `in-loop`, no turn of
 * the loop uses what an earlier turn gave; `effect-in-loop`, the same where awaited values are not
 * used, so that only the order of the effects could matter. Of awaits one below the other:
 * `begins-series`; `independent`, it uses nothing that an earlier one of the series gave;
 * `dependent`, it does. Of a return: `in-try`, a `catch` of the same function stands around it. Of
 * a function: `shared-state`, it writes, after an await, what it shares with its other runs.
 */
export const SITE_NOTES = [
  '',
  'in-loop',
  'effect-in-loop',
  'begins-series',
  'independent',
  'dependent',
  'in-try',
  'shared-state',
] as const;
export const SITE_NOTE = numbersOf(SITE_NOTES);
export type SiteNote = (typeof SITE_NOTES)[number];

export const LANGUAGES = ['', 'node', 'python'] as const;
export const LANGUAGE = numbersOf(LANGUAGES);

export const START_METHODS = [
  '',
  'program',
  'fork',
  'spawn',
  'forkserver',
  'exec',
  'cluster',
  'job',
] as const;
export const START_METHOD = numbersOf(START_METHODS);

/**
 * How a process ended. `exit`: nothing was left to do; `called`: it called `process.exit`;
 * `replaced`: it became another program (`execve`).
 */
export const PROCESS_ENDS = ['', 'exit', 'uncaught', 'called', 'fork-exit', 'signal', 'replaced'] as const;
export const PROCESS_END = numbersOf(PROCESS_ENDS);

export const LANE_KINDS = ['', 'main', 'worker', 'thread', 'loader'] as const;
export const LANE_KIND = numbersOf(LANE_KINDS);

export const LANE_ENDS = ['', 'exit', 'uncaught', 'terminated', 'called'] as const;
export const LANE_END = numbersOf(LANE_ENDS);

/** Kinds of activation: what sort of code runs. */
export const ACTIVATION_KINDS = [
  '',
  'async-function',
  'async-generator',
  'module',
  'main',
  'timer-callback',
  'io-callback',
  'event-callback',
  'tick-callback',
  'promise-callback',
  'coroutine',
  'asyncio-task',
  'thread',
  'process',
  'chunk',
  'job',
  'async-task',
  // Sync, and driven by `next`, `throw` and `return`; only where the person asked to see them.
  'generator',
] as const;
export const ACTIVATION_KIND = numbersOf(ACTIVATION_KINDS);

export const OUTCOMES = ['', 'ok', 'error', 'cancelled'] as const;
export const OUTCOME = numbersOf(OUTCOMES);

export const WAKERS = ['none', 'known', 'external'] as const;
export const WAKER = numbersOf(WAKERS);

/** Why a task waits. `''`: not recorded. */
export const REASONS = [
  '',
  'task',
  'group',
  'timer',
  'io',
  'queue-get',
  'queue-put',
  'lock',
  'semaphore',
  'event',
  'condition',
  'barrier',
  'join',
  'pool',
  'future',
  'consumer',
  'value',
  'signal',
  'job',
  'lane',
] as const;
export const REASON = numbersOf(REASONS);

export type Reason = (typeof REASONS)[number];

export const RESOURCE_KINDS = [
  '',
  'timer',
  'io',
  'queue',
  'priority-queue',
  'lifo-queue',
  'lock',
  'rlock',
  'semaphore',
  'event',
  'condition',
  'barrier',
  'pool',
  'future',
  'group',
  'stream',
  'signal',
  'thread',
  'process',
  'job-queue',
  'foreign',
  'promise',
  'thread-pool',
  // Another thread or process of the program, as one hears of it: the messages of a worker, of a
  // child process, of whoever began this one (`parent`) or of another end of a port (`port`); the
  // end of a worker or child (`exit`); what a child writes to its output (`output`).
  'worker',
  'child',
  'parent',
  'port',
  'exit',
  'output',
  // The connections of a client, a few, which its requests share: of an agent of Node's `http`, of
  // a pool of undici's.
  'connections',
  // A job of a queue of jobs: each attempt at it is a task `of` it.
  'job',
] as const;
export const RESOURCE_KIND = numbersOf(RESOURCE_KINDS);

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** The program's own threads and processes, as one of them hears of another. */
export const PEER_KINDS: ReadonlySet<number> = numberSet(
  RESOURCE_KIND,
  'worker',
  'child',
  'parent',
  'port',
  'exit',
  'output',
);

export const GROUP_KINDS = ['', 'all', 'all-settled', 'race', 'any', 'gather', 'task-group', 'wait'] as const;
export const GROUP_KIND = numbersOf(GROUP_KINDS);

/**
 * How a task uses what others wait for. `call`: it called what gives back, stops or starts it.
 * `inside`: a call of it had begun the task before it returned. `asks`, `got`: it awaits, and has
 * from then on, what an async function of the program's own takes from it. Of connections, for a
 * request that the task made at the site: `queued`, it waits for one, since others have them all;
 * `holds`, it has one; `unread`, it keeps that, for its answer has come and was not read to its
 * end; `gave-back`, it has none any more. `refused`: the queue was full, and took nothing. Of no
 * resource: `begun`, the line that made the task; `within`, what the task waits for from now on is
 * one more call of the await at the site, which is of a caller of its; without a site, of none. Of
 * a job: `delays`, it is not in line before its time. Of a queue of jobs: `pauses` and `resumes`;
 * `limits`, as many jobs began as may in a stretch of time; `unlimits`, that is over.
 */
export const USES = [
  '',
  'call',
  'inside',
  'asks',
  'got',
  'queued',
  'holds',
  'unread',
  'gave-back',
  'refused',
  'begun',
  'within',
  'delays',
  'pauses',
  'resumes',
  'limits',
  'unlimits',
] as const;
export const USE = numbersOf(USES);

/**
 * How it is known what held a lane. `callback`: it ran from begin to end outside any task; `call`:
 * a call known to block did; `sampled`: seen at work by samples; `unseen`: the thread was busy, and
 * nothing tells with what; `starved`: nothing held it, the machine gave the processor to others;
 * `rearmed`: one tick asked for the next, and the loop could not turn.
 */
export const HOLDS = ['', 'callback', 'call', 'sampled', 'unseen', 'starved', 'rearmed'] as const;
export const HOLD = numbersOf(HOLDS);

export const UNITS = ['ns', 'us', 'ms', 's'] as const;
export const UNIT = numbersOf(UNITS);

export const UNIT_NS = [1, 1e3, 1e6, 1e9] as const;
export const LINK_WAYS = ['', 'send', 'receive'] as const;
export const LINK_WAY = numbersOf(LINK_WAYS);

/**
 * Of a `message` the token names the way on which it goes, and `attempt` is its number on that way,
 * from 1: a way is a queue, so nothing is added to a message. Of `exit`, `output` and `signal` the
 * token is the pid of a process, and tokenHigh its thread, or the signal's number: who ended, who
 * wrote, and who was sent the signal. Of the first two nobody writes the other end.
 */
export const LINK_KINDS = [
  '',
  'message',
  'spawn',
  'job',
  'result',
  'exit',
  'output',
  'signal',
  // Of a queue outside the process. Both ends make the token of what they know of the job, so it is
  // the same on all machines.
  'queued-job',
  'queued-result',
] as const;
export const LINK_KIND = numbersOf(LINK_KINDS);

export const FACTS = [
  '',
  'unhandled',
  'never-awaited',
  'unclosed',
  'error',
  // With `amount` 1 it was an `error` event that nobody listened to, of what was made at `called`.
  'uncaught',
  // On the virtual clock a task waited for something external: the next run may order it otherwise.
  'nondeterministic-order',
  // From here on the times are those of the library's virtual clock, which skips sleeps.
  'virtual-clock',
  // Something that keeps the process alive while nothing else happens: `site` made it, `text` says
  // what it is ("setInterval 10000 ms"). `called` made it count again, or closes its server;
  // `amount` is the port on which somebody outside may come to it. All that do so at one moment
  // have one time; without `text` they are those of the last time.
  'keeps-alive',
  // The process ended while output was not written yet: `site` called for the end, `amount` bytes
  // of what `text` names were left; 0: it is a file that the call at `called` still wrote.
  'cut-off',
  // `amount` events of the name `text` came before anybody listened at `site`; made at `called`.
  // With a task: it awaited something else meanwhile, and does not wait for them.
  'late-listener',
  // `amount` of what `text` says has piled up at `site`; what holds it was made at `called`.
  'growth',
  // A stream is full and nobody reads it: `site` waits for it, `text` says which stream.
  'back-pressure',
  // `text` ("GET /orders") was not answered; the function that ran last for it begins at `site` and
  // ends at line `amount`. The process ends, or has done nothing for a second.
  'never-answered',
  // The timer of `site` was still to come when the process ended, and did not keep it alive.
  'unref-timer',
  // What could settle the promise made at `site` is gone: it stays pending for ever, and the task
  // waits for it. `amount` 1: a listener was to settle it.
  'collected',
  // The call at `called` left the promise of the task, which goes on, and nobody has taken it.
  'dropped',
  // The module's body of the task awaits an `import()` that leads back to it by way of the modules
  // in `text` ("a.mjs → b.mjs"); the import at `called` closes the circle.
  'module-cycle',
  // A worker sent the main thread a message at `site` while that stood in `Atomics.wait`.
  'untaken-message',
  // A job `text` of libuv's thread pool, begun at `site`, took `amount` µs; the pool was full.
  'pool-job',
  // The process got the signal `text` from outside, and listens to it.
  'signal',
  // A comment in the source silences the rules of `text` at the line of `site`.
  'silenced',
  // A stream called the function `text` ("Rows._transform") at `site`, which has not called back:
  // the stream takes nothing more. The process ends, or has done nothing for a second.
  'missing-callback',
  // The task wrote `text` ("this.total") at `site` from what it had read at `called`, before an
  // await, and another had written it since: the `amount`th such write there.
  'lost-update',
  // The task kept `text` ("this.client") at `site`, made after it had found none at `called`, and
  // another had kept one of its own since: the `amount`th such time there. Of Python: behind "|"
  // "old" where it had found one that was too old, and behind another "failed" where it failed.
  'made-twice',
  // A stream `text` whose end the wait or promise of `site` is for, holds `amount` that nobody has
  // begun to read. The process ends, or has done nothing for a second.
  'unread-stream',
  // Nobody awaited a coroutine of the function `text`, which the line `site` made, or let go of
  // (`called`). Nothing of it ran.
  'coroutine-unawaited',
  // The task was collected while it waited: nobody but its event loop had known it.
  'task-collected',
  // The task failed with `text` at `site`, and nobody asked for its result; `called` began it.
  'never-retrieved',
  // A coroutine of `text` was to run in a loop of its own, at `site`, where one ran already.
  'nested-loop',
  // What `text` names, made at `called`, belongs to an event loop that `site` does not run in.
  'wrong-loop',
  // The function `text`, in a thread that is not the event loop's, made a task ready at `site`: the
  // loop may sleep on.
  'wrong-thread',
  // Ctrl-C: what the task waited for, it waits for no more, and the process is likely to end.
  'interrupted',
  // The task was cancelled by `called` while it waited at `site`, and waits there again. `text`:
  // what it waited in ("wait_for"), as far as that is known.
  'swallowed-cancel',
  // The thread of an event loop stands at `site` and waits, without a limit, for `text`, which only
  // a task of that same loop can give; it was taken or asked for at `called`.
  'loop-deadlock',
  // The task waits at `site` for a lock that a thread had when `called` forked the process; that
  // thread is not in it. `text`: the lock, and in a second part, behind "|", the function that had
  // taken it.
  'fork-with-locks',
  // A generator that had not been started was sent a value at `site`. `text`: its function, and in
  // a second part, behind "|", its variable.
  'not-primed',
  // The task waits at `site` for what the async generator has that was left at a `yield`. `text`:
  // its variable, its function and what it has, a line each.
  'left-open',
  // The thread that reads a pool's results ended with the error `text`, at `site`.
  'results-lost',
  // A pool made at `called` was terminated at `site` with `amount` calls that nobody waited for.
  // `text`: their function and the pool, a line each.
  'pool-left',
  // The task was cancelled before its first step, made at `site`. Its `finally` of the line
  // `called` would have cared for its argument `text`.
  'never-begun',
  // The program's own code is over at `site`, and the process waits for its threads.
  'main-ended',
  // `site` stopped the event loop, or had it stopped by the signal `text`.
  'loop-stopped',
  // The task waited at `site` for a connection of the client `text`, which failed for that;
  // `amount` of them are held by answers that were asked for at `called` and neither read nor
  // closed.
  'connections-held',
  // The function `text` (second part, behind "|",) of a thread that nobody joined changes the
  // global `text`.
  'shared-name',
  // `amount` of `text` (its class, and in a second part, behind "|", the function) were made at
  // `site` and never closed.
  'never-closed',
  // The process that did a job was killed by the signal `amount`. `text`: the function, and behind
  // "|" the job's id.
  'job-killed',
  // The task asked at `site` for the result of the job `text`, the `amount`th time.
  'job-asked',
  // The end of its event loop cancelled the task, which waited at `site`; `called` had begun it.
  // `amount` is 1 where nothing kept it: it could be neither awaited nor cancelled.
  'cut-short',
  // What was piped at `site` failed, and what it was piped into is left open; `called` waits for
  // that to end, or is 0. `text`, with "|" between: the class of the one, of the other, the request
  // that the other answers ('': it is none), the error. The process ends, or does little.
  'broken-pipe',
  // The task began at `site` to read the file `text`, `amount` µs ago. Told when it is written.
  'file-read',
  // The task began at `site` to write the file `text` as a whole.
  'file-written',
  // A run of a function called what it was given, at `called` and again at `site`: the `amount`th
  // such run. `text`: the function and its parameter, with a blank between ("convert done").
  'called-twice',
  // The call at `called` aborted the signal `text` ("options.signal"), which the task was given at
  // `site`, and to which nobody had ever listened.
  'aborted',
  // Somebody looked at the aborted signal that the task was given, for the first time.
  'abort-heard',
  // The task waits at `site` for what comes by a pipe made at `called`, whose other end `text` this
  // process has open as well and has sent nothing by: no end of it will come.
  'own-end-open',
  // A map of a pool of processes, asked for at `site`, has sent `amount` bytes with each chunk.
  // `text`, with "|" between: the function, the variable that holds the largest part of it, how
  // many chunks that were so far, and how long sending them took, µs.
  'sent-with-each',
] as const;
export const FACT = numbersOf(FACTS);

/**
 * `instrument`: the thread read and rewrote a file for us; the pause is not the program's.
 * `loading`: Node had not run the program's first file yet.
 * `stopped`: no thread of the process ran, as after SIGSTOP, Ctrl-Z or in a debugger.
 */
export const PAUSES = ['', 'breakpoint', 'user', 'asleep', 'instrument', 'stopped', 'loading'] as const;
export const PAUSE = numbersOf(PAUSES);

/**
 * Where records were lost. `permission`: the file could not be written any more; `threads`: the
 * lane found no free ring and recorded nothing but this; `room`: the recording was at its limit
 * until the follower had let go of its oldest records.
 */
export const LOSSES = ['', 'ring', 'disk', 'hole', 'limit', 'permission', 'threads', 'room'] as const;
export const LOSS = numbersOf(LOSSES);

/**
 * Why the beginning of a part was let go. `limit`: the recording was near its size limit; `save`:
 * only the last seconds were saved.
 */
export const KEPT_REASONS = ['', 'limit', 'save'] as const;
export const KEPT_REASON = numbersOf(KEPT_REASONS);

/**
 * Not of the agent are `running`: the recording was saved while the process ran; and `machine`: of
 * a trace put together from several machines, the number (`count`) of the one the process ran on,
 * and in `text` its name and for how many ns its clock is known to be right ("host|400000").
 */
export const AGENT_NOTICES = ['', 'on', 'off', 'fault', 'unseen', 'seen', 'running', 'machine'] as const;
export const AGENT_NOTICE = numbersOf(AGENT_NOTICES);
