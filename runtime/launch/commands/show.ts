/** `simul show`: a saved trace or a recording as a table, as JSON, or in a few sentences. */
import { parseArgs } from 'node:util';
import { DEFAULT_LIMIT, readTraceJson, summarize } from '../analysis.ts';
import { printable } from '../printable.ts';
import { tableLines } from '../task-table.ts';
import { countOf, print, WrongUsage } from './output.ts';

const CANNOT_READ = 66;
const TABLE_LIMIT = 50;

export function showCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, limit: { type: 'string' }, summary: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new WrongUsage('show takes one saved trace or recording');
  if (values.summary) {
    const lines = summarize(path);
    if (typeof lines === 'string') return fail(lines);
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    return 0;
  }
  const json = readTraceJson(path, countOf('limit', values.limit, values.json ? DEFAULT_LIMIT : TABLE_LIMIT));
  if (typeof json === 'string') return fail(json);
  process.stdout.write(
    values.json ? `${JSON.stringify(json, null, 1)}\n` : `${tableLines(json).join('\n')}\n`,
  );
  if (!values.json) for (const trouble of json.troubles) print(trouble);
  return 0;
}

function fail(words: string): number {
  print(words);
  return CANNOT_READ;
}
