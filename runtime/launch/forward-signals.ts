/**
 * Signals to this process are meant for the program: they are passed on, and this process ends when
 * the program does. What the whole group got, the program has already. With a listener for SIGUSR1
 * Node opens no inspector here.
 */
import { constants } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import { startGroupWitness } from './group-witness.ts';

/**
 * All that a process can catch and somebody sends. Not: what the system sends for a fault of the
 * process itself (SIGSEGV, SIGPIPE, SIGXFSZ, …) or a child of it (SIGCHLD).
 */
const FORWARDED: readonly NodeJS.Signals[] = (
  [
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'SIGQUIT',
    'SIGUSR1',
    'SIGUSR2',
    'SIGALRM',
    'SIGWINCH',
    'SIGCONT',
    'SIGTSTP',
    'SIGIO',
    'SIGPWR',
    'SIGBREAK',
  ] as const
).filter((name) => name in constants.signals);
/** On Windows every process of a console gets these. */
const CONSOLE_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGBREAK'];

/** @returns what ends it */
export function forwardSignals(programs: readonly ChildProcess[]): () => void {
  const witness = startGroupWitness(FORWARDED);
  witness?.protect(programs.flatMap(({ pid }) => pid ?? []));
  async function forward(name: NodeJS.Signals): Promise<void> {
    if (process.platform === 'win32' && CONSOLE_SIGNALS.includes(name)) return;
    if (witness === null || !(await witness.sawSignal(name))) {
      for (const program of programs) program.kill(name);
    }
    // A shell must see that the job stands still.
    if (name === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
  }
  const listeners = FORWARDED.map((name) => {
    const listener = (): void => void forward(name);
    process.on(name, listener);
    return [name, listener] as const;
  });
  return () => {
    witness?.stop();
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}
