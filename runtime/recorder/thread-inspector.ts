/**
 * The helper thread's session with V8's inspector, through which a thread of the program is asked
 * to call a function of the agent's while other code holds it. It refuses everything else: it sets
 * no breakpoint, starts no profiler, and waits for no answer.
 *
 * The session is open only while something is held: at the end of a process Node would tell people
 * of one that is open still (`recording.finish` waits until it is closed).
 */
import type { Session } from 'node:inspector';
import { builtIns, SafeMap } from './built-ins.ts';
import { CONTROL, type SharedMemory } from './shared-memory.ts';

/** The agent's function, a constant of the realm (contract/emitted-names.ts holds the same). */
export const HELD_CALL = '$simul$U';

export class ThreadInspector {
  readonly #words: Int32Array;
  #session: Session | null = null;
  /** There is no inspector in this Node, or it refuses. */
  #isRefused: boolean;
  /** Sessions with worker threads, by Node's id of the thread. Null: none was asked for. */
  #workers: SafeMap<number, string> | null = null;
  #questions = 0;

  /**
   * @param mayInspect the program's own thread may: the helper is not asked, and Node would abort
   */
  constructor(memory: SharedMemory, mayInspect: boolean) {
    this.#words = memory.words;
    this.#isRefused = !mayInspect;
  }

  get isOpen(): boolean {
    return this.#session !== null;
  }

  /** Somebody has to turn this thread's loop: V8 tells of worker threads through it. */
  get needsTurns(): boolean {
    return this.#workers !== null;
  }

  /**
   * Of a worker thread the first question only opens a session with it.
   * @param threadId Node's
   * @param heldNs how long the thread has been held
   * @param askedNs now, ns
   * @param ranNs the time of the thread
   * @returns whether it will be asked
   */
  ask(threadId: number, heldNs: number, askedNs: number, ranNs: number): boolean {
    const session = this.#open();
    if (session === null) return false;
    const expression = `${HELD_CALL}(${heldNs},${askedNs},${ranNs})`;
    const params = { expression, silent: true, returnByValue: true };
    try {
      if (threadId !== 0) return this.#askWorker(session, threadId, params);
      session.post('Runtime.evaluate', params);
      return true;
    } catch {
      this.#isRefused = true;
      return false;
    }
  }

  #askWorker(session: Session, threadId: number, params: object): boolean {
    if (this.#workers === null) {
      this.#workers = new SafeMap();
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
      return false;
    }
    const sessionId = this.#workers.get(threadId);
    if (sessionId === undefined) return false;
    const message = JSON.stringify({ id: ++this.#questions, method: 'Runtime.evaluate', params });
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    return true;
  }

  close(): void {
    try {
      this.#session?.disconnect();
    } catch {
      // It is gone already.
    }
    this.#session = null;
    this.#workers = null;
    builtIns.store(this.#words, CONTROL.inspecting, 0);
    builtIns.notify(this.#words, CONTROL.inspecting);
  }

  #open(): Session | null {
    if (this.#session !== null || this.#isRefused) return this.#session;
    try {
      const { Session } = process.getBuiltinModule('node:inspector');
      builtIns.store(this.#words, CONTROL.inspecting, 1);
      // The process may have begun to end meanwhile: then it does not wait for this any more.
      if (builtIns.load(this.#words, CONTROL.ending) !== 0) throw new Error('it ends');
      const session = new Session();
      session.connectToMainThread();
      session.on('NodeWorker.attachedToWorker', ({ params }) => {
        // The thread's own number stands in the title alone.
        const threadId = /^\[worker (\d+)\]/.exec(params.workerInfo.title)?.[1];
        if (threadId !== undefined) this.#workers?.set(Number(threadId), params.sessionId);
      });
      this.#session = session;
    } catch {
      this.#isRefused = true;
      this.close();
    }
    return this.#session;
  }
}
