/**
 * Goes to a task of the views: while a recording is replayed the debugger looks at it, at the same
 * moment; else the line opens at which it stands.
 */
import type { CommandFactory } from './context.ts';

export const goToTask: CommandFactory = (context) => async (argument) => {
  const { task, place } = readTarget(argument);
  const replayed = context.tracker.current;
  if (replayed !== null && task !== null) {
    try {
      const time = String(replayed.notice.timeNs);
      await replayed.session.customRequest('goToMoment', { time, task });
    } catch (error) {
      context.showError(error instanceof Error ? error.message : String(error));
    }
    return;
  }
  if (place !== null) await context.openPlace(place);
};

interface Target {
  readonly task: string | null;
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function readTarget(argument: unknown): Target {
  const { task, place } = isRecord(argument) ? argument : {};
  return { task: typeof task === 'string' ? task : null, place: readPlace(place) };
}

function readPlace(value: unknown): Target['place'] {
  if (!isRecord(value)) return null;
  const { file, line, column } = value;
  if (typeof file !== 'string' || typeof line !== 'number' || typeof column !== 'number') return null;
  return { file, line, column };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
