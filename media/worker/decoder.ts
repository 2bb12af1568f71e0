/**
 * A second worker, which turns compact blocks into records: one block is decoded while the block
 * before it is folded. It keeps the order of what comes, and passes everything on to the worker
 * that folds. It knows nothing of traces.
 */
import { decodeBlock } from '../../runtime/trace/format/compact.ts';
import type { FromDecoder, ToDecoder } from '../messages.ts';

interface DecoderScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<ToDecoder>) => void): void;
}
const scope = globalThis as unknown as DecoderScope;

let port: MessagePort | null = null;

scope.addEventListener('message', ({ data }) => {
  switch (data.type) {
    case 'port':
      port = data.port;
      return;
    case 'block':
      decode(data);
      return;
    case 'end':
      post(data);
      return;
  }
});

function decode({ opening, part, bytes: block }: Extract<ToDecoder, { type: 'block' }>): void {
  const bytes = block.byteLength;
  const records = decodeBlock(new Uint8Array(block));
  if (typeof records === 'string') {
    const words = `A block of process ${part} is damaged and was left out: ${records}.`;
    post({ type: 'damaged', opening, bytes, words });
  } else post({ type: 'records', opening, part, bytes, records }, [records.buffer as ArrayBuffer]);
}

function post(message: FromDecoder, transfer: Transferable[] = []): void {
  port?.postMessage(message, transfer);
}
