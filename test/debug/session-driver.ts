/** A debug session within the test's process, asked as an editor asks, without the bytes. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugHost } from '../../runtime/debug/debug-host.ts';
import { DebugSession } from '../../runtime/debug/session.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { debugHost } from '../../runtime/launch/debug-host.ts';

/** Where a session has stopped. It names a task each time. */
export type Stopped = DebugProtocol.StoppedEvent['body'] & {
  readonly threadId: number;
  readonly description: string;
};

/** A recording that a test writes, part by part. */
export interface WrittenRecording {
  /** Adds records to a process's part and says so. @param isLast nothing more will come */
  grow(part: number, text: string, isLast?: boolean): void;
}

export class SessionDriver {
  readonly events: DebugProtocol.Event[] = [];
  readonly requests: DebugProtocol.Request[] = [];
  hasEnded = false;
  readonly #session: DebugSession;
  readonly #answers = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #listeners: { readonly event: string; readonly go: (event: DebugProtocol.Event) => void }[] = [];
  #seq = 1;

  constructor(host: DebugHost = debugHost, tellsMoments = false) {
    this.#session = new DebugSession(
      host,
      (message) => this.#take(message),
      () => (this.hasEnded = true),
      tellsMoments,
    );
  }

  /** Takes a message as it is, be it one or not. */
  send(message: unknown): void {
    this.#session.receive(message);
  }

  ask(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const seq = this.#seq++;
    const answer = new Promise<DebugProtocol.Response>((go) => this.#answers.set(seq, go));
    this.#session.receive({ seq, type: 'request', command, arguments: args });
    return answer;
  }

  /** @throws Error with the adapter's own words, where it answers with an error */
  async request<Body>(command: string, args: object = {}): Promise<Body> {
    const { success, message, body } = await this.ask(command, args);
    if (!success) throw new Error(message);
    return body as Body;
  }

  event<Body>(name: string): Promise<Body> {
    return new Promise((resolve) =>
      this.#listeners.push({ event: name, go: ({ body }) => resolve(body as Body) }),
    );
  }

  /**
   * Opens a recording, and stops at its entry.
   * @param before what is asked before the session runs
   */
  async open(launch: object, client: object = {}, before?: () => Promise<unknown>): Promise<Stopped> {
    await this.request('initialize', { adapterID: 'simul', ...client });
    const initialized = this.event('initialized');
    await this.request('launch', launch);
    await initialized;
    await before?.();
    const stopped = this.event<Stopped>('stopped');
    await this.request('configurationDone');
    return stopped;
  }

  /** Asks for a move, and waits for its stop. */
  async move(command: string, args: object): Promise<Stopped> {
    const stopped = this.event<Stopped>('stopped');
    const response = await this.ask(command, args);
    if (!response.success) {
      this.#listeners.splice(0);
      throw new Error(response.message);
    }
    return stopped;
  }

  async stack(threadId: number): Promise<DebugProtocol.StackFrame[]> {
    const body = await this.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId });
    return body.stackFrames;
  }

  /** The variables of a scope of a frame, by name. */
  async scope(frameId: number, name: string): Promise<Map<string, DebugProtocol.Variable>> {
    const { scopes } = await this.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
    const { variablesReference } = scopes.find((scope) => scope.name === name)!;
    return this.variables(variablesReference);
  }

  async variables(variablesReference: number): Promise<Map<string, DebugProtocol.Variable>> {
    const { variables } = await this.request<DebugProtocol.VariablesResponse['body']>('variables', {
      variablesReference,
    });
    return new Map(variables.map((variable) => [variable.name, variable]));
  }

  #take(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.#answers.get(response.request_seq)?.(response);
    } else if (message.type === 'request') this.requests.push(message as DebugProtocol.Request);
    else {
      const event = message as DebugProtocol.Event;
      this.events.push(event);
      const index = this.#listeners.findIndex((listener) => listener.event === event.event);
      if (index >= 0) this.#listeners.splice(index, 1)[0]!.go(event);
    }
  }
}

interface WrittenOptions {
  readonly isOver?: boolean;
  /** By path: what is on the disk. */
  readonly sources?: Readonly<Record<string, string>>;
  /** By line: the hash that its sites have, which the text form of records leaves out. */
  readonly hashes?: ReadonlyMap<number, number>;
  /** Each moment is told by an event of our own. */
  readonly tellsMoments?: boolean;
}

/** A driver of a session over records that the test writes as text, and the way to write more. */
export function writtenSession(
  parts: readonly string[],
  { isOver = true, sources = {}, hashes = new Map(), tellsMoments = false }: WrittenOptions = {},
): { readonly driver: SessionDriver; readonly recording: WrittenRecording } {
  let grow: WrittenRecording['grow'] = () => undefined;
  const host: DebugHost = {
    nowMs: () => performance.now(),
    files: () => ({ pathOf: (file) => `/work/${file}`, read: (path) => sources[path] ?? null }),
    open: (_path, { observers, trace }, events) => {
      const fold = new Fold(observers, trace);
      grow = (part, text, isLast = false) => {
        if (text !== '') fold.feed(part, fromText(text));
        for (const site of trace.sites) Object.assign(site, { lineHash: hashes.get(site.line) ?? 0 });
        if (isLast) fold.end();
        if (trace.problemCount > 0) throw new Error(trace.problems.join('\n'));
        events.onUpdate();
      };
      setImmediate(() => {
        parts.forEach((text, part) => fold.feed(part, fromText(text)));
        grow(0, '', isOver);
      });
      return { stop: () => undefined };
    },
  };
  const driver = new SessionDriver(host, tellsMoments);
  return { driver, recording: { grow: (...args) => grow(...args) } };
}
