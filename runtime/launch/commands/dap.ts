/**
 * `simul dap --stdio`: a debug adapter that replays recordings, for any editor that speaks the
 * Debug Adapter Protocol. It reads requests from standard input and answers on standard output; it
 * listens on nothing. It ends when the editor disconnects, or its input does.
 */
import { parseArgs } from 'node:util';
import { encodeFrame, FrameReader } from '../../debug/message-frames.ts';
import { DebugSession } from '../../debug/session.ts';
import { debugHost } from '../debug-host.ts';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { UsageError } from './usage-error.ts';

export function dapCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stdio: { type: 'boolean' },
      // Whose files it may show, besides those that the editor names.
      folder: { type: 'string', multiple: true },
      // Each moment is told by an event of its own, too.
      moments: { type: 'boolean' },
    },
  });
  if (values.stdio !== true)
    throw new UsageError('dap takes --stdio: it speaks by its input and output alone');
  // An empty one is none: who starts it says that no file may be shown.
  const folders = (values.folder ?? [process.cwd()]).filter((folder) => folder !== '');
  return new Promise((resolve) => {
    const host = { ...debugHost, files: (own: readonly string[]) => debugHost.files([...folders, ...own]) };
    const end = (): void => {
      session.dispose();
      process.stdin.pause();
      resolve(EXIT.ok);
    };
    const send = (message: object): void => void process.stdout.write(encodeFrame(message));
    const session = new DebugSession(host, send, end, values.moments === true);
    const reader = new FrameReader((message) => session.receive(message), printMessage);
    process.stdin.on('data', (bytes: Uint8Array) => reader.push(bytes));
    process.stdin.on('end', end);
    process.stdin.on('error', end);
  });
}
