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
export const HELD_CALL = '$simul$W';

export class ThreadInspector {
  readonly #words: Int32Array;
  #session: Session | null = null;
  /** There is no inspector in this Node, or it refuses. */
  #isRefused = false;

  constructor(memory: SharedMemory) {
    this.#words = memory.words;
  }

  get isOpen(): boolean {
    return this.#session !== null;
  }

  /**
   * @param threadId Node's
   * @param heldNs how long the thread has been held
   * @param askedNs now, ns
   */
  ask(threadId: number, heldNs: number, askedNs: number): void {
    if (threadId !== 0) return;
    const session = this.#open();
    if (session === null) return;
    try {
      session.post('Runtime.evaluate', {
        expression: `${HELD_CALL}(${heldNs},${askedNs})`,
        silent: true,
        returnByValue: true,
      });
    } catch {
      this.#isRefused = true;
    }
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
