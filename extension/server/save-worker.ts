/** The thread that saves one trace or report, and says how that went (save-apart.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { describeClocks } from '../../runtime/launch/describe-clock.ts';
import { mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { saveReport } from '../../runtime/launch/report/save-report.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import type { SaveAnswer, SaveRequest } from '../../runtime/trace/messages/server.ts';

parentPort?.postMessage(answer(workerData as SaveRequest));

function answer({ folder, file, asReport = false, with: others, ...options }: SaveRequest): SaveAnswer {
  if (others !== undefined) return merge([folder, ...others], file);
  const saved = (asReport ? saveReport : saveTrace)(folder, file, options);
  return typeof saved === 'string' ? { saved: false, words: saved } : { saved: true, ...saved };
}

function merge(paths: readonly string[], file: string): SaveAnswer {
  const merged = mergeTraces(paths, file);
  if (typeof merged === 'string') return { saved: false, words: merged };
  const { records, bytes, troubles, machines } = merged;
  return { saved: true, records, bytes, troubles, clocks: describeClocks(machines) };
}
