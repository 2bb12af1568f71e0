/** `simul report`: a recording or a saved trace as one page that any browser opens. */
import { parseArgs } from 'node:util';
import { EXIT } from '../exit-status.ts';
import { readTraceObstacle } from '../open-trace.ts';
import { saveReport } from '../report/save-report.ts';
import { printMessage } from './print-message.ts';
import { redactionOf } from './redaction.ts';
import { parseCount, UsageError } from './usage-error.ts';

export function reportCommand(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      redact: { type: 'boolean' },
      anonymous: { type: 'boolean' },
      last: { type: 'string' },
    },
    allowPositionals: true,
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0)
    throw new UsageError('report takes one saved trace or recording, and --out FILE');
  const out = values.out ?? 'report.html';
  const lastSeconds = values.last === undefined ? undefined : parseCount('last', values.last, 0);
  if (lastSeconds === 0) throw new UsageError('--last takes a number of seconds, at least 1');
  const obstacle = readTraceObstacle(path);
  if (obstacle !== null) {
    printMessage(obstacle);
    return EXIT.cannotRead;
  }
  const saved = saveReport(path, out, {
    ...redactionOf(values),
    ...(lastSeconds === undefined ? {} : { lastSeconds }),
  });
  if (typeof saved === 'string') {
    printMessage(saved);
    return EXIT.cannotWrite;
  }
  for (const trouble of saved.troubles) printMessage(trouble);
  printMessage(`saved as ${out} (${saved.bytes} bytes): any browser opens it, and it loads nothing else`);
  return EXIT.ok;
}
