/**
 * Saves a trace or a report on a thread of its own: the language server answers meanwhile, and the
 * save can be cancelled at any moment. What is written stands in a folder beside its place until it
 * is whole, and the folder goes in any case.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describeIoError } from '../../runtime/launch/describe-io-error.ts';
import { findSaveObstacle } from '../../runtime/launch/saved-trace.ts';
import type { SaveAnswer, SaveRequest } from '../../runtime/trace/messages/server.ts';

export async function saveApart(request: SaveRequest, stop: AbortSignal): Promise<SaveAnswer> {
  const { file } = request;
  const noun = request.asReport === true ? 'the report' : 'the trace';
  const obstacle = findSaveObstacle(file);
  if (obstacle !== null) return { saved: false, words: obstacle.replace('the trace', noun) };
  let scratch: string | null = null;
  try {
    scratch = await mkdtemp(join(dirname(file), '.simul-save-'));
    const copy = join(scratch, basename(file));
    const answer = await runWorker({ ...request, file: copy }, stop);
    if (!answer.saved) return { ...answer, words: answer.words.replaceAll(copy, file) };
    if (stop.aborted) return CANCELLED;
    await rename(copy, file);
    return answer;
  } catch (error) {
    return { saved: false, words: `${noun} cannot be saved as ${file}: ${describeIoError(error)}` };
  } finally {
    if (scratch !== null) await rm(scratch, { recursive: true, force: true });
  }
}

const CANCELLED: SaveAnswer = { saved: false, words: 'it was cancelled', wasCancelled: true };

async function runWorker(request: SaveRequest, stop: AbortSignal): Promise<SaveAnswer> {
  if (stop.aborted) return CANCELLED;
  const worker = new Worker(findWorker(), { workerData: request });
  const cancel = (): void => void worker.terminate();
  stop.addEventListener('abort', cancel);
  try {
    return await new Promise<SaveAnswer>((resolve, reject) => {
      let answer: SaveAnswer | null = null;
      worker.on('message', (value: SaveAnswer) => (answer = value));
      worker.on('error', reject);
      // Only now is no file open any more.
      worker.on('exit', () => {
        if (answer !== null) resolve(answer);
        else if (stop.aborted) resolve(CANCELLED);
        else reject(new Error('the thread that saves it ended'));
      });
    });
  } finally {
    stop.removeEventListener('abort', cancel);
  }
}

/** Beside the server's bundle, whose URL is that of agent/; or beside this file, as compiled. */
function findWorker(): URL {
  const compiled = new URL('./save-worker.js', import.meta.url);
  return existsSync(compiled) ? compiled : new URL('../save-worker.cjs', import.meta.url);
}
