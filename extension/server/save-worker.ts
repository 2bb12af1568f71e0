/** The thread that saves one trace or report, and says how that went (save-apart.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { saveReport } from '../../runtime/launch/report/save-report.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import type { SaveAnswer, SaveRequest } from '../../runtime/trace/messages/server.ts';

const { folder, file, asReport = false, ...options } = workerData as SaveRequest;
const saved = (asReport ? saveReport : saveTrace)(folder, file, options);
const answer: SaveAnswer =
  typeof saved === 'string' ? { saved: false, words: saved } : { saved: true, ...saved };
parentPort?.postMessage(answer);
