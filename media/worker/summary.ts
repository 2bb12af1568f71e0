/** What is said when nothing is selected: the whole, in one sentence, spans that go on included. */
import { OUTCOMES } from '../../runtime/trace/format/kinds.ts';
import { count, duration } from '../../runtime/trace/words/duration.ts';
import { taskPart } from '../../runtime/trace/words/parts.ts';
import type { Part, Sentence } from '../../runtime/trace/words/sentence.ts';
import { timesSoFar } from '../../runtime/trace/model/times-so-far.ts';
import type { Session } from './session.ts';

const FAILED_SHOWN = 3;

export function summary({ trace, columns }: Session): Sentence {
  const { tasks, lanes, processes } = trace;
  if (trace.events === 0) return [];
  let rows = 0;
  let run = 0;
  let ready = 0;
  let wait = 0;
  let longest = -1;
  let longestNs = 0;
  const failed: number[] = [];
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.frameOf[row]! >= 0) continue;
    const times = timesSoFar(trace, row);
    rows++;
    run += times.runNs;
    ready += times.readyNs;
    wait += times.waitNs;
    if (times.waitNs > longestNs) {
      longest = row;
      longestNs = times.waitNs;
    }
    if (OUTCOMES[tasks.outcome[row]!] === 'error' && failed.length < FAILED_SHOWN) failed.push(row);
  }
  const where =
    processes.length > 1
      ? `${processes.length} processes`
      : lanes.length > 1
        ? `${lanes.length} threads`
        : 'one thread';
  const parts: Part[] = [
    `${duration(trace.endNs)} on ${where}: ${count(rows, 'task')} ran ${duration(run)}, waited ${duration(wait)}`,
    ready > 0 ? ` and stood ready for ${duration(ready)}.` : '.',
  ];
  if (rows > 1 && longest >= 0)
    parts.push(' Longest in waiting: ', taskPart(trace, longest), ` (${duration(longestNs)}).`);
  failed.forEach((row, i) => parts.push(i === 0 ? ' Failed: ' : ', ', taskPart(trace, row)));
  if (failed.length > 0) parts.push('.');
  if (trace.lost > 0)
    parts.push(` ${count(trace.lost, 'record')} were lost in ${count(columns.losses.length, 'gap')}.`);
  return parts;
}
