/** A recording as a page can be shown it: tailed while its program runs, read to its end when that has ended. */
import { follow } from '../../runtime/launch/follow.ts';
import type { TraceSource, Subscription, Reader } from '../panel/trace-source.ts';
import { PUMP_BLOCK_RECORDS } from '../panel/pump.ts';

/** As often as pixels change; a poll of an idle recording costs next to nothing. */
const POLL_MS = 33;

export interface LiveSource {
  readonly name: string;
  readonly folder: string;
  readonly folders: readonly string[];
  /**
   * Resolves when nothing more will be written, with the sentence that says how the program ended.
   * A sentence: nobody waits for the program (the window was reloaded); it ends when its processes have.
   */
  readonly ended: Promise<string> | string;
  /** Whether it was told to end; asked when it has ended. */
  readonly wasStopped?: () => boolean;
}

export function liveRecording(source: LiveSource): TraceSource {
  return {
    name: source.name,
    mode: 'live',
    folders: source.folders,
    subscribe: (reader) => play(source, reader),
  };
}

function play(source: LiveSource, reader: Reader): Subscription {
  let over = false;
  const following = follow(source.folder, {
    onBlock: (part, records) => (reader.give(part, records) ? undefined : false),
    onTrouble: (words) => reader.trouble(words),
    onEnd: () => {
      // The processes are gone; the sentence comes from whoever waited for them.
      void Promise.resolve(source.ended).then((words) => {
        if (!over) reader.end(words, source.wasStopped?.() ?? false);
        over = true;
      });
    },
    pollMs: POLL_MS,
    blockRecords: PUMP_BLOCK_RECORDS,
  });
  if (typeof source.ended !== 'string') {
    void source.ended.then(() => {
      if (!over) following.finish();
    });
  }
  return {
    resume: () => following.resume(),
    stop: () => {
      over = true;
      following.stop();
    },
  };
}
