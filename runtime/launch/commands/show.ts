/** `simul show`: a saved trace or a recording as a table, as JSON, or in a few sentences. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { printable } from '../../trace/format/printable.ts';
import { makeLazyTraceJson, makeTraceJson } from '../json/make-trace-json.ts';
import { streamJson } from '../json/stream-json.ts';
import { attributionLines, readAttribution } from '../summary/attribution-lines.ts';
import { DEFAULT_LIMIT, readJsonInput, readSummary } from '../read-trace.ts';
import { makeTaskTable } from '../task-table.ts';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { parseCount, UsageError } from './usage-error.ts';

/** Rows of the table, when nothing else is asked for. */
const DEFAULT_ROWS = 50;

export async function showCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      limit: { type: 'string' },
      summary: { type: 'boolean' },
      attribution: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new UsageError('show takes one saved trace or recording');
  if (values.attribution) {
    const known = readAttribution(path);
    if (typeof known === 'string') return refuseTrace(known);
    const text = values.json ? JSON.stringify(known) : attributionLines(known).map(printable).join('\n');
    await printAll([`${text}\n`]);
    return EXIT.ok;
  }
  if (values.summary) {
    const lines = readSummary(path);
    if (typeof lines === 'string') return refuseTrace(lines);
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    return EXIT.ok;
  }
  const limit = parseCount('limit', values.limit, values.json ? DEFAULT_LIMIT : DEFAULT_ROWS);
  const input = readJsonInput(path, limit);
  if (typeof input === 'string') return refuseTrace(input);
  if (values.json) {
    await printAll(streamJson(makeLazyTraceJson(input)));
    return EXIT.ok;
  }
  const json = makeTraceJson(input);
  await printAll(makeTaskTable(json).map((line) => `${line}\n`));
  for (const trouble of json.troubles) printMessage(trouble);
  return EXIT.ok;
}

/** Waits whenever the reader of the output is behind: the pieces do not pile up in memory. */
async function printAll(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}

function refuseTrace(words: string): number {
  printMessage(words);
  return EXIT.cannotRead;
}
