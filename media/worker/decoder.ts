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
    case 'blocks':
      decode(data);
      return;
    case 'end':
      port?.postMessage([data] satisfies FromDecoder[]);
      return;
  }
});

function decode({ opening, blocks }: Extract<ToDecoder, { type: 'blocks' }>): void {
  const decoded: FromDecoder[] = [];
  const transfer: Transferable[] = [];
  for (const { part, bytes: block } of blocks) {
    const bytes = block.byteLength;
    const records = decodeBlock(new Uint8Array(block));
    if (typeof records === 'string') {
      const words = `A block of process ${part} is damaged and was left out: ${records}.`;
      decoded.push({ type: 'damaged', opening, bytes, words });
    } else {
      decoded.push({ type: 'records', opening, part, bytes, records });
      transfer.push(records.buffer as ArrayBuffer);
    }
  }
  port?.postMessage(decoded, transfer);
}
