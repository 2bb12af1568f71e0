/**
 * A worker of its own that turns compact blocks into records, so that decoding one block and folding the one before it
 * go on at the same time. It keeps the order in which things come and judges nothing else; the other worker hears of all of it.
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
      read(data);
      return;
    case 'end':
      give(data);
      return;
  }
});

function read({ opening, part, bytes: block }: Extract<ToDecoder, { type: 'block' }>): void {
  const bytes = block.byteLength;
  const records = decodeBlock(new Uint8Array(block));
  if (typeof records === 'string') {
    const words = `A block of process ${part} is damaged and was left out: ${records}.`;
    give({ type: 'damaged', opening, bytes, words });
  } else give({ type: 'records', opening, part, bytes, records }, [records.buffer as ArrayBuffer]);
}

function give(message: FromDecoder, transfer: Transferable[] = []): void {
  port?.postMessage(message, transfer);
}
