/**
 * The name of one record, as proof of what is said: the process's index in the trace, and the
 * record's number among those of its process, from 1. A number stays the same when the records
 * before it are let go.
 */
export interface EventId {
  readonly process: number;
  readonly number: number;
}

/** "0:17" */
export const formatEventId = ({ process, number }: EventId): string => `${process}:${number}`;

/** @returns null: the text is no such id */
export function parseEventId(text: string): EventId | null {
  const parts = /^(\d{1,9}):(\d{1,15})$/.exec(text);
  return parts === null ? null : { process: Number(parts[1]), number: Number(parts[2]) };
}
