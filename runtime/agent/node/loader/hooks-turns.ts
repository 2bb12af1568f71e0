/**
 * The hooks of ours on Node's hooks thread: registers them, again whenever they must be outermost,
 * and takes their reports.
 */
import module from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { builtIns } from '../../../recorder/built-ins.ts';
import { withoutNextTick } from '../../../recorder/without-next-tick.ts';
import { type FileReport, type HooksData, type LoaderOptions } from './options.ts';
import { watchUnseenTexts } from './named-modules.ts';

type Register = (url: string, options: { data: HooksData; transferList: readonly object[] }) => void;

/** Whether hooks were asked for on the command line: they are registered before anything runs. */
export function hasLoaderOption(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /(?:^|\s|")--(?:experimental-)?loader\b/.test(options);
}

export class HooksTurns {
  readonly #options: LoaderOptions;
  readonly #onReport: (file: FileReport) => void;
  readonly #shared = new BigInt64Array(new SharedArrayBuffer(16));
  readonly #ports: MessageChannel['port1'][] = [];
  /** As Node made it: the program's calls of `register` come through a function of ours. */
  readonly #register = (module as unknown as { register: Register }).register;

  constructor(options: LoaderOptions, onReport: (file: FileReport) => void) {
    this.#options = options;
    this.#onReport = onReport;
  }

  get areRegistered(): boolean {
    return this.#ports.length > 0;
  }

  /** When the thread answered last, ns, monotonic; 0: it never did. */
  answeredNs(): bigint {
    return builtIns.load(this.#shared, 0);
  }

  /** From here on these hooks are asked before all others that are registered now. */
  goOutermost(): void {
    watchUnseenTexts();
    const { port1, port2 } = new MessageChannel();
    port1.on('message', this.#onReport);
    port1.unref();
    const url = this.#options.hooksThreadUrl ?? new URL('./hooks-thread.js', import.meta.url).href;
    const data: HooksData = { options: this.#options, port: port2, shared: this.#shared };
    const register = (): void =>
      withoutDeprecation(() => this.#register(url, { data, transferList: [port2] }));
    // Node warns of hooks from the command line, in a tick, when it starts their thread.
    if (hasLoaderOption()) register();
    else withoutNextTick(register);
    this.#ports.push(port1);
  }

  /** While the program registers hooks of its own: they run on the hooks thread. */
  whileRegistering<T>(register: () => T): T {
    builtIns.store(this.#shared, 1, 1n);
    try {
      return register();
    } finally {
      builtIns.store(this.#shared, 1, 0n);
    }
  }

  /** Takes the reports so far, without waiting for the loop to turn. */
  catchUp(): void {
    for (const port of this.#ports) {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
        this.#onReport(next.message as FileReport);
    }
  }
}

/**
 * Node 26 warns of the function at its first call in a process: that is to be the program's own.
 */
function withoutDeprecation(call: () => void): void {
  const former = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  if (former?.configurable === false) return call();
  Object.defineProperty(process, 'noDeprecation', { value: true, configurable: true, writable: true });
  try {
    call();
  } finally {
    if (former === undefined) Reflect.deleteProperty(process, 'noDeprecation');
    else Object.defineProperty(process, 'noDeprecation', former);
  }
}
