/** What goes to the editor: responses, events and requests, numbered as they are sent. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { RequestError } from './request-error.ts';

type Request = Pick<DebugProtocol.Request, 'seq' | 'command'>;

export class EditorLink {
  readonly #send: (message: DebugProtocol.ProtocolMessage) => void;
  #seq = 1;

  constructor(send: (message: DebugProtocol.ProtocolMessage) => void) {
    this.#send = send;
  }

  respond({ seq, command }: Request, body: object | undefined): void {
    this.#transmit({
      type: 'response',
      request_seq: seq,
      command,
      success: true,
      ...(body === undefined ? {} : { body }),
    });
  }

  respondError({ seq, command }: Request, error: unknown): void {
    const isOwn = error instanceof RequestError;
    const words = isOwn
      ? error.message
      : `Simul failed: ${error instanceof Error ? error.stack : String(error)}`;
    this.#transmit({
      type: 'response',
      request_seq: seq,
      command: shorten(command),
      success: false,
      message: words,
      body: { error: { id: isOwn ? 1 : 2, format: '{words}', variables: { words }, showUser: !isOwn } },
    });
  }

  event(event: string, body?: object): void {
    this.#transmit({ type: 'event', event, ...(body === undefined ? {} : { body }) });
  }

  request(command: string, args: object): void {
    this.#transmit({ type: 'request', command, arguments: args });
  }

  /** A line in the console. */
  output(words: string, category: 'console' | 'stdout' = 'console'): void {
    this.event('output', { category, output: `${words}\n` });
  }

  #transmit(message: { readonly type: string; readonly [field: string]: unknown }): void {
    this.#send({ seq: this.#seq++, ...message });
  }
}

export const shorten = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 100)}…`);
