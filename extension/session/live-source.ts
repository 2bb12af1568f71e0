/** A live recording as a source for a page: tailed while its program runs, then read to its end. */
import { follow } from '../../runtime/launch/follow.ts';
import { PUMP_BLOCK_RECORDS } from '../panel/pump.ts';
import type { Subscription, TraceReader, TraceSource } from '../panel/trace-source.ts';

/** As often as pixels change. A poll of an idle recording costs next to nothing. */
const POLL_MS = 33;

export interface LiveRecording {
  readonly name: string;
  readonly folder: string;
  readonly folders: readonly string[];
  /**
   * The sentence that says how the program ended. A promise resolves when nothing more will be
   * written. A plain sentence: nobody watches the program (the window was reloaded), so the
   * recording ends when its processes have.
   */
  readonly ended: Promise<string> | string;
  /** Whether the user stopped the program. Asked when it has ended. */
  readonly wasStopped?: () => boolean;
}

export function liveSource(recording: LiveRecording): TraceSource {
  return {
    name: recording.name,
    mode: 'live',
    recording: recording.folder,
    path: recording.folder,
    folders: recording.folders,
    subscribe: (reader) => sendRecording(recording, reader),
  };
}

function sendRecording(recording: LiveRecording, reader: TraceReader): Subscription {
  let isOver = false;
  const following = follow(recording.folder, {
    onBlock: (part, records) => (reader.onRecords(part, records) ? undefined : false),
    onTrouble: (words) => reader.onTrouble(words),
    // A page that was hidden for long: what it has not read is gone.
    onLetGo: () => reader.onLetGo?.(),
    onEnd: () => {
      // The processes are gone. How they ended is known to the session that waited for them.
      void Promise.resolve(recording.ended).then((words) => {
        if (!isOver) reader.onEnd(words, recording.wasStopped?.() ?? false);
        isOver = true;
      });
    },
    pollMs: POLL_MS,
    blockRecords: PUMP_BLOCK_RECORDS,
  });
  if (typeof recording.ended !== 'string') {
    void recording.ended.then(() => {
      if (!isOver) following.finish();
    });
  }
  return {
    resume: () => following.resume(),
    stop: () => {
      isOver = true;
      following.stop();
    },
  };
}
