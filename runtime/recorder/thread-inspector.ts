/**
 * The helper thread's session with V8's inspector, through which a thread of the program is asked
 * to call a function of the agent's while other code holds it. It refuses everything else: it sets
 * no breakpoint, starts no profiler, and waits for no answer.
 *
 * The session is open only while something is held: at the end of a process Node would tell people
 * of one that is open still (`recording.finish` waits until it is closed).
 */
import type { Session } from 'node:inspector';
import { builtIns } from './built-ins.ts';
import { CONTROL, type SharedMemory } from './shared-memory.ts';

/** The agent's function, a constant of the realm (contract/emitted-names.ts holds the same). */
export const HELD_CALL = '$simul$U';

export class ThreadInspector {
  readonly #words: Int32Array;
  #session: Session | null = null;
  /** There is no inspector in this Node, or it refuses. */
  #isRefused: boolean;
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

  /**
   * Worker threads are not asked. They can be reached through the main thread alone, by the
   * inspector's `NodeWorker`, which lives as long as the session and longer than the worker.
   * @param threadId Node's; 0: the main thread
   * @param heldNs how long the thread has been held
   * @param askedNs now, ns
   * @param ranNs the time of the thread
   * @returns whether it will be asked
   */
  ask(threadId: number, heldNs: number, askedNs: number, ranNs: number): boolean {
    const session = threadId === 0 && !this.isRefusedNow() ? this.#open() : null;
    if (session === null) return false;
    const expression = `${HELD_CALL}(${heldNs},${askedNs},${ranNs})`;
    const params = { expression, silent: true, returnByValue: true };
    try {
      session.post('Runtime.evaluate', params);
      return true;
    } catch {
      this.#isRefused = true;
      return false;
    }
  }

  /** The program has a session of its own. */
  isRefusedNow(): boolean {
    return builtIns.load(this.#words, CONTROL.inspectedByProgram) !== 0;
  }

  close(): void {
    try {
      this.#session?.disconnect();
    } catch {
      // It is gone already.
    }
    this.#session = null;
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
      if (this.isRefusedNow()) throw new Error('the program inspects');
      const session = new Session();
      session.connectToMainThread();
      this.#session = session;
    } catch {
      this.#isRefused = true;
      this.close();
    }
    return this.#session;
  }
}
