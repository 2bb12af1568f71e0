/**
 * The worker's start: messages of the page and of the decoder in, messages to the page out. An
 * error in a callback is reported to the page and ends nothing else.
 */
import type { FromDecoder, FromWorker, ToWorker } from '../messages.ts';
import type { Clock } from './clock.ts';
import { FoldQueue } from './fold-queue.ts';
import { handleMessage } from './message-handlers.ts';
import { PanelController } from './panel-controller.ts';

/** What a dedicated worker's global offers; the page's types are those of a window. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
  requestAnimationFrame(callback: () => void): number;
}
const scope = globalThis as unknown as WorkerScope;
const post = (message: FromWorker): void => scope.postMessage(message);

const clock: Clock = {
  now: () => performance.now(),
  atNextFrame: (run) => void scope.requestAnimationFrame(() => reportErrors(run)),
  after(ms, run) {
    const timer = setTimeout(() => reportErrors(run), ms);
    return () => clearTimeout(timer);
  },
};
const panel = new PanelController(post, clock);
const foldQueue = new FoldQueue(panel, clock);

scope.addEventListener('message', ({ data }) => {
  reportErrors(() => {
    panel.frames.countMessage();
    if (data.type === 'decoderPort') listenToDecoder(data.port);
    else handleMessage(panel, data);
    if (data.type === 'open') foldQueue.traceOpened();
    panel.frames.reportWhenUpToDate();
  });
});

function listenToDecoder(port: MessagePort): void {
  port.onmessage = ({ data }: MessageEvent<FromDecoder[]>) =>
    reportErrors(() => {
      panel.frames.countMessage();
      data.forEach((message) => foldQueue.push(message));
    });
}

function reportErrors(run: () => void): void {
  try {
    run();
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    post({ type: 'fault', words });
  }
}
