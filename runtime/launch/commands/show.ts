/** `simul show`: a saved trace or a recording as a table, as JSON, or in a few sentences. */
import { parseArgs } from 'node:util';
import { printable } from '../printable.ts';
import { DEFAULT_LIMIT, readSummary, readTraceJson } from '../read-trace.ts';
import { makeTaskTable } from '../task-table.ts';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { parseCount, UsageError } from './usage-error.ts';

/** Rows of the table, when nothing else is asked for. */
const DEFAULT_ROWS = 50;

export function showCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, limit: { type: 'string' }, summary: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new UsageError('show takes one saved trace or recording');
  if (values.summary) {
    const lines = readSummary(path);
    if (typeof lines === 'string') return refuseTrace(lines);
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    return EXIT.ok;
  }
  const limit = parseCount('limit', values.limit, values.json ? DEFAULT_LIMIT : DEFAULT_ROWS);
  const json = readTraceJson(path, limit);
  if (typeof json === 'string') return refuseTrace(json);
  const text = values.json ? JSON.stringify(json, null, 1) : makeTaskTable(json).join('\n');
  process.stdout.write(`${text}\n`);
  if (!values.json) for (const trouble of json.troubles) printMessage(trouble);
  return EXIT.ok;
}

function refuseTrace(words: string): number {
  printMessage(words);
  return EXIT.cannotRead;
}
