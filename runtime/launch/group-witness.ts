/**
 * Tells whether a signal came to this process alone or to its whole process group, as Ctrl-C does.
 * The program is in the group and has it then already; what came to this process alone has to be
 * passed on. The system does not say which it was, so a small shell in the group watches too. A
 * process is sent its signal before it reads on: its answer to a question asked after the signal
 * holds everything that the group got before.
 *
 * The shell also ends the program when this process is killed with SIGKILL: its input then ends
 * without a word. It holds none of the program's files.
 */
import { spawn } from 'node:child_process';

/** For an answer that a signal tore apart, or a shell that was stopped. */
const MAX_ANSWER_MS = 500;

export interface GroupWitness {
  /** Whether the group got the signal, once for each time that it did. */
  sawSignal(name: NodeJS.Signals): Promise<boolean>;
  /** These processes end with this one, however that ends. */
  protect(pids: readonly number[]): void;
  /** The program has ended. */
  stop(): void;
}

/** Null: there is no such shell here, and every signal counts as sent to this process alone. */
export function startGroupWitness(signals: readonly NodeJS.Signals[]): GroupWitness | null {
  if (process.platform === 'win32') return null;
  const shell = spawn('/bin/sh', ['-c', scriptFor(signals)], { stdio: ['pipe', 'pipe', 'ignore'] });
  // Without descriptors or processes there are no pipes either.
  if (!(shell.stdin as unknown) || !(shell.stdout as unknown)) {
    shell.on('error', () => {});
    return null;
  }
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  let isGone = false;
  let rest = '';
  const answerAll = (): void => {
    for (const answer of waiting.splice(0)) answer();
  };
  const onGone = (): void => {
    isGone = true;
    answerAll();
  };
  shell.on('error', onGone).on('exit', onGone);
  shell.stdin.on('error', onGone);
  shell.stdout.on('error', onGone);
  shell.stdout.setEncoding('latin1').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === '.') answerAll();
      else seen.push(`SIG${line}`);
    }
  });
  // It is no reason to stay.
  shell.unref();
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  (shell.stdout as unknown as { unref?(): void }).unref?.();

  return {
    async sawSignal(name) {
      if (!isGone) {
        shell.stdin.write('?\n');
        await new Promise<void>((answer) => {
          const timer = setTimeout(answer, MAX_ANSWER_MS);
          waiting.push(() => {
            clearTimeout(timer);
            answer();
          });
        });
      }
      const at = seen.indexOf(name);
      if (at >= 0) seen.splice(at, 1);
      return at >= 0;
    },
    protect(pids) {
      if (!isGone) shell.stdin.write(`${pids.join(' ')}\n`);
    },
    stop() {
      if (!isGone) shell.stdin.end('bye\n');
    },
  };
}

/**
 * `read` returns at a signal, after its trap ran, as at the end of the input; `g` tells which it
 * was.
 */
function scriptFor(signals: readonly NodeJS.Signals[]): string {
  const names = signals.map((name) => name.slice('SIG'.length)).join(' ');
  return [
    `for s in ${names}; do trap "g=1; echo $s" $s; done; trap "" PIPE; p=`,
    `while :; do g=; if read -r l; then case $l in "?") echo .;; *) p=$l;; esac`,
    `elif [ -z "$g" ]; then break; fi; done`,
    `case $p in *[0-9]) kill -KILL $p;; esac`,
  ].join('\n');
}
