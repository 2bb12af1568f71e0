/** What threads and processes are called in sentences. */
import { LANE_KIND } from '../../../runtime/trace/format/kinds.ts';
import { displayPath } from '../../../runtime/trace/model/display-path.ts';
import { systemPid } from '../../../runtime/trace/model/machines.ts';
import type { Session } from '../session/session.ts';

export function laneName(session: Session, index: number): string {
  const lane = session.trace.lanes[index];
  if (!lane) return '';
  // Beside the names of functions, "main" alone would read as one of them.
  const isMain = lane.kind === LANE_KIND.main && (lane.name === '' || lane.name === 'main');
  return isMain ? 'main thread' : lane.name || `thread ${lane.number}`;
}

/** The file that the process runs; without one its pid, or its number if that is unknown, too. */
export function processName(session: Session, index: number): string {
  const process = session.trace.processes[index];
  if (!process) return '';
  const name = displayPath(programOf(process.argv));
  if (name !== '') return name;
  return process.pid === 0 ? `process ${index + 1}` : `process ${systemPid(process.pid)}`;
}

/**
 * "vitest" of "node vitest run a.ts", "shop.py" of "python3 -X dev shop.py a.csv": what follows the
 * interpreter. An option of the interpreter may have a value, which is told by its ending.
 */
function programOf(argv: string): string {
  const words = argv.split(' ').filter((word) => word !== '');
  const own = words.filter((word) => !word.startsWith('-') && !isInterpreter(word));
  const first = words.find((word) => !isInterpreter(word));
  const hasOptions = first?.startsWith('-') === true;
  return (hasOptions ? own.find((word) => /\.\w+$/.test(word)) : undefined) ?? own[0] ?? words[0] ?? '';
}

const isInterpreter = (path: string): boolean => /(^|[/\\])(node|python3?)(\.exe)?$/.test(path);
