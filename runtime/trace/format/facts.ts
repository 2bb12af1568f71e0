/**
 * What a record of kind `fact` says: its index is the number in the record. Names are appended,
 * never moved or reused.
 */
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
  // such run. `text`: the function and its parameter, with a blank between ("convert done"), and
  // "caught" behind another one where the first call threw and the second is in its `catch`.
  'called-twice',
  // The call at `called` aborted the signal `text` ("options.signal"), which the task was given at
  // `site`, and to which it had not listened. `amount` 1: another had.
  'aborted',
  // Somebody looked at the aborted signal that the task was given, for the first time.
  'abort-heard',
  // The await at `site` asked the same again, and failed with `text` ("ECONNREFUSED", "status 503")
  // for the `amount`th time in a row, in this task.
  'retried',
  // A list was asked at `site` by an async function (`text`: "users.filter"), whose promises count
  // as true. `amount`: how many passed so, of a method that gives a list.
  'async-predicate',
  // The answer of the task was kept as `text` ("view.hits") at `site`, though that of one that had
  // begun later stood there already: for the `amount`th time. Told behind `stale-newer`, whose task
  // is that one. Behind the name "|given": it is no answer, but what the task was given.
  'stale-write',
  'stale-newer',
  // The answer of the task, which began later than all others that came, took its place.
  'stale-over',
  // The client of the request that the fact before it tells, at the same time, went `amount` µs
  // ago. `text`: how many µs ago that request came.
  'client-left',
  // An emitter has closed (`amount` 1) or ended (2), by the other side (+4), and a promise made or
  // awaited at `site` waits for none but its events `text` ("Socket data error"). The task is one
  // that waits for it, as far as it is known.
  'emitter-closed',
  // The event `text`, of which the task waits for the next, or whoever waits at `site`, came before
  // that, at `called`: `amount` times to nobody; 0: it is not known whether somebody heard it.
  'early-event',
  // The task waits at `site` for what comes by a pipe made at `called`, whose other end `text` this
  // process has open as well and has sent nothing by: no end of it will come.
  'own-end-open',
  // A map of a pool of processes, asked for at `site`, has sent `amount` bytes with each chunk.
  // `text`, with "|" between: the function, the variable that holds the largest part of it, how
  // many chunks that were so far, and how long sending them took, µs.
  'sent-with-each',
  // The task wrote at `site` what the fact `lost-update` before it has lost, at `called`.
  'lost-over',
  // The task answered at `site` a request again, which throws: it had been answered at `called`,
  // `amount` µs before. `text`, with "|" between: by the task itself (`own`), or by another, whose
  // answer had ended (`ended`), or not (`open`); and with what ("503 Service Unavailable").
  'answered-again',
  // A request that puts something in the place of what is there (`text`: "PUT"), made at `site`,
  // was answered after one to the same address that had been made `amount` µs later. That is told
  // by the `overtaking-save` before it.
  'overtaken-save',
  'overtaking-save',
  // The task asked at `site` for the value of a subject that had sent its last one at `called`,
  // `amount` µs before, and was complete. `text`, with "|" between: `sent`, or `ended` where it had
  // sent none; the subject; what was asked ("flags.flag$('checkout')").
  'late-subject',
  // The wait of the task at `site` was ended by one that had read the store of an
  // AsyncLocalStorage: another one than the task has. Told behind `context-reader`, whose task is
  // that one, and `site` where it read.
  'context-mixed',
  'context-reader',
  // The task asked a manager of multiprocessing at `site`, the `amount`th time: a message there and
  // one back. `text`, with "|" between: the proxy's name, its class, the function, and how long all
  // of that took, µs.
  'round-trips',
  // The function `text` (second part, behind "|",) makes a lock of its class (first part) at `site`
  // at each call, and nobody else can get it. `amount` calls were inside at once.
  'private-lock',
  // The task gave its turn away at `site`, for the `amount`th time, in a loop that does nothing but
  // ask. `text`, with "|" between: what it asks, the function, and how long all that took, µs.
  'busy-wait',
  // A task that others wait for, too, was cancelled by way of one who awaited it at `site`, and so
  // the task got a CancelledError that was not meant for it. `called`: the line with the limit, or
  // that cancelled. `text`, with "|" between: what was cancelled, who, and what its limit is.
  'shared-cancel',
  // The function of the task, in a thread, reads at `site` a ContextVar that has no value there;
  // `called` gave it to the thread, where it has one. `text`, with "|" between: the variable, how,
  // and "default" where it has one.
  'lost-context',
  // The variable `text` of the next such fact was set at `site`.
  'context-set',
  // The results that the call at `site` gave as they were done, in another order than the one in
  // which they were begun, are paired by their place at `called`. `text`, with "|" between: the
  // variable of the results, that of what they are paired with, the function that gave them.
  'completion-order',
  // A function changes at `site`, in a process of its own, what is read at `called` in this one.
  // `text`, with "|" between: what it is, the function, whose process ("the pool"), who reads it.
  'own-copy',
  // The task set a value at `site`, waited at `called`, and goes on to read it, though another run
  // of the function has set it meanwhile: for the `amount`th time. `text`, with "|" between: what
  // it is, "threading.local" if it is one's, the function.
  'overwritten',
  // The task stands at `site` (0: not known) and a pipe of a child that the program made at
  // `called` is full: `amount` bytes lie in it and nobody reads them. `text`, with "|" between: the
  // pipe ("stdout"), the child's variable, its pid.
  'pipe-full',
  // The task was at `site` when Ctrl-C came, and ran.
  'stood-at',
  // A callback that was added at `called` (0: not known) failed at `site`, and the library logged
  // the error and went on. `text`, with "|" between: the error, the function, what it is ("done
  // callback"), the library, the names that the function uses, with commas between.
  'callback-failed',
  // The task called at `site` what waits until the call that `called` began has ended, in the very
  // thread that runs that. `text`, with "|" between: the object ("HTTPServer"), the two methods.
  'waits-for-itself',
  // Whoever waits at `site` waits for an answer of a server made at `called`, whose thread is in
  // another connection. `text`, with "|" between: its class, the thread, "idle" (it waits for the
  // next request there), "own" (it is the one that waits) or "busy", the function that it runs.
  'one-at-a-time',
  // A lock that several processes share, made at `site` (0: not known). `text`: its token, the same
  // in all of them. `amount`: its resource in this one; in the trace, the index of that.
  'shared-lock',
  // The task killed at `site` the process `text` with the pid `amount`, which it had begun.
  'killed-by',
  // The signal handler `text`, put in at `called` by `signal.signal`, made the task ready at `site`
  // while its event loop slept, which nothing has woken.
  'not-woken',
  // At an interrupt: whoever waits at `site` waits to enter what it is inside of, by the `with` of
  // `called`; `amount` threads stand so with the same object, and no other is inside of it. `text`,
  // with "|" between: what it waits to enter ("self.lock.write()") and in which line, what it is
  // inside of, the functions of both, the object's class, "same" or "other": whether that is the
  // same method.
  'asks-again',
  // A function made in the loop at `called` and given away at `site`, to run later, reads a
  // variable of it, which by then held what another turn had left: for the `amount`th time.
  // `text`, with "|" between: the variable, the function, what it was given to, and how often one
  // was given.
  'late-binding',
  // The await of the task at `site` came back with a list of `amount` promises of async functions,
  // and nobody had reacted to them when the process ended, though all were settled.
  'list-of-promises',
] as const;
