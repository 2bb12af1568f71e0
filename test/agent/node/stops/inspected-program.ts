/**
 * A traced program under a debugger without an editor: V8's own protocol over a web socket, as an
 * editor's debugger speaks it. It does what the extension does at a stop of ours: it steps out
 * until the user's line is reached.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { STOP_FUNCTION, resumeFileOf } from '../../../../runtime/trace/format/stop-events.ts';
import { traceEnv } from '../../../../runtime/launch/start-trace.ts';

interface Socket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'open' | 'close', listener: () => void): void;
  send(text: string): void;
  close(): void;
}
const { ws: WebSocket } = createRequire(import.meta.url)('playwright-core/lib/utilsBundle') as {
  readonly ws: new (url: string) => Socket;
};

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}
interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
}

export interface InspectOptions {
  readonly node: string;
  readonly program: string;
  readonly recording: string;
  readonly stopAt?: readonly string[];
  /** What a configuration's `skipFiles` hides, as patterns of URLs. */
  readonly skipped?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** More frames of ours and of the library's than ever stand above the user's. */
const MAX_STEPS_OUT = 20;

export class InspectedProgram {
  readonly child: ChildProcess;
  /** Its folder. */
  readonly recording: string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  readonly #socket: Socket;
  readonly #url: string;
  readonly #resumeFile: string;
  /** By id of the script. */
  readonly #urls = new Map<string, string>();
  readonly #answers = new Map<number, (message: Record<string, unknown>) => void>();
  #seq = 1;
  #pauses: Paused[] = [];
  #onPause: ((paused: Paused | null) => void) | null = null;
  #isOver = false;

  private constructor(child: ChildProcess, socket: Socket, options: InspectOptions) {
    this.child = child;
    this.recording = options.recording;
    this.#socket = socket;
    this.#url = pathToFileURL(options.program).href;
    this.#resumeFile = join(options.recording, resumeFileOf(child.pid!));
    let output = '';
    child.stdout!.on('data', (text: Buffer) => (output += String(text)));
    this.ended = once(child, 'close').then(([code]) => {
      this.#end();
      return { code: code as number | null, output };
    });
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Record<string, unknown>));
    socket.on('close', () => this.#end());
  }

  /** Starts the program, stopped at its first line, and arms nothing but `stopAt`. */
  static async start(options: InspectOptions): Promise<InspectedProgram> {
    const debug = { stopAt: options.stopAt ?? [] };
    const env = traceEnv({ recording: options.recording, debug, env: { ...process.env, ...options.env } });
    const child = spawn(options.node, ['--inspect-brk=127.0.0.1:0', options.program], { env });
    let text = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr.on('data', (data: Buffer) => {
        text += String(data);
        const found = /ws:\/\/\S+/.exec(text);
        if (found !== null) resolve(found[0]);
      });
      child.once('exit', () => reject(new Error(`the program ended: ${text}`)));
    });
    const socket = new WebSocket(url);
    await new Promise<void>((resolve) => socket.on('open', resolve));
    const program = new InspectedProgram(child, socket, options);
    await program.send('Debugger.enable');
    await program.send('Debugger.setBlackboxPatterns', { patterns: options.skipped ?? [] });
    await program.send('Runtime.enable');
    const first = program.nextPause();
    await program.send('Runtime.runIfWaitingForDebugger');
    await first;
    return program;
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    const id = this.#seq++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as Result);
        else reject(new Error(JSON.stringify(error)));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.send<{ readonly result: { readonly value: Value } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  setBreakpoint(line: number): Promise<unknown> {
    return this.send('Debugger.setBreakpointByUrl', { url: this.#url, lineNumber: line - 1 });
  }

  /** Goes on to the next stop, in the user's line: 1-based; null: the program is over. */
  async resume(how: 'resume' | 'stepOver' | 'stepOut' = 'resume'): Promise<number | null> {
    let paused = await this.#go(how);
    for (let i = 0; i < MAX_STEPS_OUT && paused !== null; i++) {
      const [top] = paused.callFrames;
      const url = this.#urls.get(top!.location.scriptId);
      if (url === this.#url) return top!.location.lineNumber + 1;
      const isOurs = i > 0 || top!.functionName === STOP_FUNCTION;
      if (!isOurs) throw new Error(`stopped in ${top!.functionName} of ${url}`);
      paused = await this.#go('stepOut');
    }
    if (paused !== null) throw new Error('the user’s line was not reached');
    return null;
  }

  /** Leaves it alone. */
  runToEnd(): void {
    this.#socket.close();
  }

  /** Tells the program that it stands, as the extension does at a stop. */
  tellPause(): Promise<unknown> {
    return this.evaluate(`simulBridge$.stops.paused("${process.hrtime.bigint()}")`);
  }

  nextPause(): Promise<Paused | null> {
    const paused = this.#pauses.shift();
    if (paused !== undefined) return Promise.resolve(paused);
    if (this.#isOver) return Promise.resolve(null);
    return new Promise((resolve) => (this.#onPause = resolve));
  }

  async #go(how: string): Promise<Paused | null> {
    const next = this.nextPause();
    writeFileSync(this.#resumeFile, String(process.hrtime.bigint()));
    await this.send(`Debugger.${how}`);
    return next;
  }

  #take({ id, method, params, ...rest }: Record<string, unknown>): void {
    if (typeof id === 'number') {
      this.#answers.get(id)?.({ ...rest });
      this.#answers.delete(id);
    } else if (method === 'Debugger.scriptParsed') {
      const { scriptId, url } = params as { readonly scriptId: string; readonly url: string };
      this.#urls.set(scriptId, url);
    } else if (method === 'Debugger.paused') {
      const paused = params as Paused;
      if (this.#onPause === null) this.#pauses.push(paused);
      else this.#onPause(paused);
      this.#onPause = null;
    } else if (method === 'Runtime.executionContextDestroyed') {
      // Node waits for the debugger at the end.
      this.#socket.close();
      this.#end();
    }
  }

  #end(): void {
    this.#isOver = true;
    // A program that is over answers no more.
    for (const answer of this.#answers.values()) answer({ result: { result: {} } });
    this.#answers.clear();
    this.#onPause?.(null);
    this.#onPause = null;
  }
}
