/**
 * Runs pieces of asyncio code in CPython, all in one process, and returns what each of them said.
 */
import { spawnSync } from 'node:child_process';

export interface PythonCase {
  readonly title: string;
  /**
   * The body of `async def case(say)`; `asyncio` is imported. An exception counts as saying the
   * name of its class.
   */
  readonly python: string;
  /** The first version that can run it; default: 3.11. */
  readonly since?: string;
}

const indented = (code: string): string =>
  code
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/**
 * What each case said, by title, joined by ", ". Cases for a newer Python than the installed one
 * are missing; without Python 3.11 all are.
 * @throws Error when a case cannot be run at all: it is no valid Python
 */
export function askPython(cases: readonly PythonCase[]): ReadonlyMap<string, string> {
  const script = [
    'import asyncio, json, sys',
    'said = {}',
    'def run(title, since, case):',
    '    if sys.version_info < since: return',
    '    words = []',
    '    async def main():',
    '        try: await asyncio.wait_for(case(lambda *said: words.extend(map(str, said))), 10)',
    '        except Exception as error: words.append(type(error).__name__)',
    '    asyncio.run(main())',
    '    said[title] = ", ".join(words)',
    ...cases.flatMap(({ title, python, since = '3.11' }) => [
      'async def case(say):',
      indented(python),
      `run(${JSON.stringify(title)}, (${since.replace('.', ', ')}), case)`,
    ]),
    'print(json.dumps(said))',
  ].join('\n');
  const { error, status, stdout, stderr } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  if (error !== undefined) return new Map();
  if (status !== 0) throw new Error(`Python did not run the cases:\n${stderr}`);
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, string>));
}
